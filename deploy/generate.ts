import { compareSnapshots, readSnapshots } from "./generate/contracts/compare-snapshots.ts";
import { findDrift, toGeneratedFiles, writeGeneratedFiles } from "./generate/generated-files.ts";
import { toSnapshots } from "./generate/contracts/to-snapshot.ts";
import { rootFolder } from "./local/root-folder.ts";

// node deploy/generate.ts            writes what differs; refuses a change of a message that breaks older peers
//   --check                          writes nothing; fails and lists the files that differ
//   --allow-breaking                 writes such a change too: for a release that stops every old peer first
const options = new Set(process.argv.slice(2));
const say = (line: string) => process.stdout.write(`${line}\n`);

const files = toGeneratedFiles();
const drift = findDrift(files, rootFolder);
const breaking = compareSnapshots(readSnapshots(rootFolder), toSnapshots());
for (const { path, problem } of breaking) say(`breaking: ${path}: ${problem}`);

if (options.has("--check")) {
  for (const { path, problem } of drift) say(`${path}: ${problem}`);
  if (drift.length > 0) say("run: make generate");
  process.exitCode = drift.length === 0 ? 0 : 1;
} else if (breaking.length > 0 && !options.has("--allow-breaking")) {
  say("nothing is written: make the change additive, or pass --allow-breaking");
  process.exitCode = 1;
} else {
  writeGeneratedFiles(files, drift, rootFolder);
  for (const { path, problem } of drift) say(`${path}: ${problem}, ${files.has(path) ? "written" : "removed"}`);
  say(`${files.size} generated files, ${drift.length} changed`);
}
