import { runCheck } from "./check/run-check.ts";

const results = await Promise.all(process.argv.slice(2).map((name) => runCheck(name)));
for (const result of results) process.stdout.write(`${result.report}\n`);
process.exitCode = results.length > 0 && results.every((result) => result.passed) ? 0 : 1;
