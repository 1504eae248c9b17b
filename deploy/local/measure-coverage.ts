import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { z } from "zod";

import { rootFolder } from "./root-folder.ts";
import { toLine, toRows, type Branches } from "./testing/coverage-table.ts";
import { thresholds } from "./testing/coverage-thresholds.ts";
import { runVitest } from "./testing/vitest-run.ts";

const branches = z.object({ total: z.number(), covered: z.number() });

// Node loads the sources itself, in the tests as in the services that they start: only so do their branches stand at the same places.
const options = ["--coverage", "--experimental.viteModuleRunner=false"];

const sum = await runVitest({ name: "coverage", projects: ["unit", "integration"], options });
const rows = toRows(readSummary(), thresholds);
const below = rows.filter(({ percent, threshold }) => percent < threshold);
process.stdout.write(`\nBranch coverage (by line and file: coverage/index.html)\n${rows.map(toLine).join("\n")}\n`);
process.stdout.write(`coverage: ${rows.length} folders, ${below.length} below their threshold\n`);
process.exitCode = sum.failed === 0 && rows.length > 0 && below.length === 0 ? 0 : 1;

function readSummary(): ReadonlyMap<string, Branches> {
  const text = readFileSync(join(rootFolder, "coverage/coverage-summary.json"), "utf8");
  const summary = z.record(z.string(), z.object({ branches })).parse(JSON.parse(text));
  const files = Object.entries(summary).filter(([path]) => path !== "total");
  return new Map(files.map(([path, file]) => [relative(rootFolder, path), file.branches]));
}
