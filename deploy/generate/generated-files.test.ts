import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { rootFolder } from "../local/root-folder.ts";
import { compareSnapshots, readSnapshots } from "./contracts/compare-snapshots.ts";
import { toSnapshots } from "./contracts/to-snapshot.ts";
import { findDrift, toGeneratedFiles, writeGeneratedFiles } from "./generated-files.ts";

const files = toGeneratedFiles();

test("what is committed is what is generated (else: make generate)", () => {
  expect(files.size).toBeGreaterThanOrEqual(40);
  expect(findDrift(files, rootFolder)).toEqual([]);
});

test("no message changed in a way that breaks older peers", () => {
  const committed = readSnapshots(rootFolder);
  expect(committed.length).toBeGreaterThanOrEqual(38);
  expect(compareSnapshots(committed, toSnapshots())).toEqual([]);
});

test("drift is a missing, a changed and a left-over file; writing ends it", () => {
  const root = mkdtempSync(join(tmpdir(), "generated-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const two = new Map([
    ["contracts/snapshots/a.json", "{}\n"],
    ["deploy/b.txt", "b\n"],
  ]);
  writeGeneratedFiles(two, findDrift(two, root), root);
  expect(findDrift(two, root)).toEqual([]);

  writeFileSync(join(root, "contracts/snapshots/old.json"), "{}");
  writeFileSync(join(root, "deploy/b.txt"), "edited\n");
  rmSync(join(root, "contracts/snapshots/a.json"));
  const drift = findDrift(two, root);
  expect(drift).toEqual([
    { path: "contracts/snapshots/a.json", problem: "missing" },
    { path: "deploy/b.txt", problem: "differs" },
    { path: "contracts/snapshots/old.json", problem: "not generated any more" },
  ]);
  writeGeneratedFiles(two, drift, root);
  expect(findDrift(two, root)).toEqual([]);
});
