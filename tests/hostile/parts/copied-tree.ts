import { execFile } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import type { PlantedBug } from "./planted-bugs.ts";

/** A copy of the sources that a bug can be planted in; what is installed is shared with the tree it came from. */
export interface CopiedTree extends Disposable {
  /** Throws when the patch no longer fits. */
  readonly plant: (bug: PlantedBug) => Promise<void>;
  readonly takeOut: (bug: PlantedBug) => Promise<void>;
  /** Runs the named tests of these files; `passed` counts only what ran. */
  readonly run: (
    files: readonly string[],
    names: readonly string[],
  ) => Promise<{ readonly passed: number; readonly failed: number; readonly said: string }>;
}

const root = join(import.meta.dirname, "..", "..", "..");
const copied = [
  "contracts",
  "libs",
  "services",
  "deploy",
  "tests",
  "package.json",
  "pnpm-workspace.yaml",
  "tsconfig.json",
  "vitest.config.ts",
];
const left = new Set(["dist", "coverage", ".turbo"]);
const RUN_WITHIN_MS = 110_000;
const execute = promisify(execFile);

/** Copies the tree. */
export function copyTree(): CopiedTree {
  const folder = tempFolder("planted");
  const filter = (path: string): boolean => !left.has(basename(path));
  for (const name of copied)
    cpSync(join(root, name), join(folder.path, name), { recursive: true, verbatimSymlinks: true, filter });
  for (const name of ["node_modules", ".tools"]) symlinkSync(join(root, name), join(folder.path, name));
  const apply = (bug: PlantedBug, ...how: string[]) =>
    execute("git", ["apply", ...how, bug.path], { cwd: folder.path });
  return {
    plant: async (bug) => void (await apply(bug)),
    takeOut: async (bug) => void (await apply(bug, "--reverse")),
    run: (files, names) => runTests(folder.path, files, names),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

async function runTests(cwd: string, files: readonly string[], names: readonly string[]) {
  const pattern = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
  const options = ["run", "--no-color", "--project", "unit", "--project", "hostile", ...files, "-t", pattern];
  // One store to wipe, and no more patience than that needs.
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], WIPES: "1", SETTLE_MS: "12000", SEED: "1" };
  const run = execute(join(cwd, "node_modules", ".bin", "vitest"), options, { cwd, env, timeout: RUN_WITHIN_MS });
  const said = await run.then(
    ({ stdout }) => stdout,
    // The counts stand on one stream, the reasons on the other.
    (error: unknown) => {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      return stdout === undefined ? String(error) : `${stdout}\n${stderr ?? ""}`;
    },
  );
  const count = (what: string): number => Number(new RegExp(`^ *Tests .*?(\\d+) ${what}`, "m").exec(said)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), said };
}
