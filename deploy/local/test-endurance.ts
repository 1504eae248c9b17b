import { randomInt } from "node:crypto";
import { join } from "node:path";

import { openProgress } from "./endurance/progress.ts";
import { type Suite, suites } from "./endurance/suites.ts";
import { rootFolder } from "./root-folder.ts";
import { type Sum, addUp, runVitest } from "./testing/vitest-run.ts";

// SUITE=<name> runs one, SEED=<n> repeats one; finished parts are remembered in .tools/endurance and skipped.
const wanted = process.env["SUITE"];
const known = Object.keys(suites);
if (wanted !== undefined && !known.includes(wanted)) {
  process.stderr.write(`SUITE=${wanted} is not known; there are ${known.join(", ")}\n`);
  process.exit(1);
}
const seed = process.env["SEED"] === undefined ? undefined : Number(process.env["SEED"]);
const progress = openProgress(join(rootFolder, ".tools", "endurance"), seed, randomInt(1, 1_000_000));
process.stdout.write(`SEED=${progress.seed}\n`);

const sums: Sum[] = [];
for (const [name, suite] of Object.entries(suites)) {
  if (wanted === undefined || wanted === name) sums.push(...(await runSuite(name, suite)));
}
const total = addUp(sums);
for (const failure of total.failures) process.stdout.write(`FAILED ${failure}\n`);
process.stdout.write(`endurance: ${total.passed} passed, ${total.failed} failed, SEED=${progress.seed}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runSuite(name: string, suite: Suite): Promise<Sum[]> {
  const done: Sum[] = [];
  for (let part = 0; part < suite.parts; part += 1) {
    const label = `${name} ${part + 1}`;
    if (progress.isDone(label)) {
      process.stdout.write(`${label} of ${suite.parts}: done before\n`);
      continue;
    }
    process.stdout.write(`\n${label} of ${suite.parts}\n`);
    // Points keep their order over all parts; what is drawn by chance differs from part to part.
    const own = name === "points" ? progress.seed : progress.seed * 100 + part;
    const sum = await runVitest({
      name: `endurance-${name}-${part + 1}`,
      projects: [suite.project],
      environment: { ...suite.environment(part), SEED: String(own) },
      options: [suite.file],
    });
    if (sum.failed === 0) progress.finish(label);
    done.push(sum);
  }
  return done;
}
