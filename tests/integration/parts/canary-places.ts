import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import type { Place } from "./canary-search.ts";
import { readCommand, readEnviron } from "./processes.ts";

/** Every file below a folder, as it is. */
export function readFilePlaces(name: string, folder: string): Place[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ where: `${name}/${relative(folder, path)}`, bytes: readFileSync(path) }));
}

/** Every object of the home's history, unpacked. */
export function readHistoryPlaces(system: TestSystem): Place[] {
  const args = ["--git-dir", join(system.home, ".matrix/history.git"), "cat-file", "--batch-all-objects", "--batch"];
  const { stdout } = spawnSync("git", args, { maxBuffer: 1e9 });
  const places: Place[] = [];
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf("\n", at);
    const [id = "", type = "", size = "0"] = stdout.toString("latin1", at, end).split(" ");
    places.push({ where: `git ${type} ${id}`, bytes: stdout.subarray(end + 1, end + 1 + Number(size)) });
    at = end + 1 + Number(size) + 1;
  }
  return places;
}

/** The environment of every process of the system. */
export function readEnvironPlaces(system: TestSystem): Place[] {
  return system.pids().map((pid) => ({
    where: `environ of ${readCommand(pid)}`,
    bytes: Buffer.from(readEnviron(pid)),
  }));
}
