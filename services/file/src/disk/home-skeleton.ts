import fs from "node:fs";
import path from "node:path";
import { rejected } from "@matrix-os/contracts/errors";
import { OWN_FOLDER, splitPath } from "../home-path/home-rules.ts";
import { type Folder, makeFolder, openRoot } from "./folder.ts";
import { Staging } from "./staging.ts";

/** What every new home holds, as files. */
const skeleton = path.join(import.meta.dirname, "../../skeleton");

const folders = ["agents", "apps", "data", "skills", "system/activity", "system/memory", "system/sessions"];

/** The home's opened folders. */
export interface OpenHome {
  readonly root: Folder;
  /** `.matrix`. */
  readonly own: Folder;
  readonly staging: Staging;
  /** `.matrix/changes`. */
  readonly changes: Folder;
}

/** Opens the home, making it when it is missing. Errors: `invalid` when the state directory lies inside it. */
export function openHome(home: string, stateDir: string): OpenHome {
  if (isInside(path.resolve(stateDir), path.resolve(home))) {
    throw rejected(
      "invalid",
      `MATRIX_STATE (${stateDir}) must not lie inside MATRIX_HOME (${home}): secrets would enter the history`,
    );
  }
  fs.mkdirSync(home, { recursive: true, mode: 0o700 });
  const root = openRoot(home);
  const own = makeFolder(root, OWN_FOLDER).folder;
  return {
    root,
    own,
    staging: new Staging(makeFolder(root, `${OWN_FOLDER}/tmp`).folder),
    changes: makeFolder(root, `${OWN_FOLDER}/changes`).folder,
  };
}

/** Adds the files and folders that every home has; what is there already stays as it is. */
export function furnishHome({ root, staging }: OpenHome): void {
  for (const folder of folders) makeFolder(root, folder).folder[Symbol.dispose]();
  for (const at of listSkeleton()) {
    const { folder, name } = splitPath(at);
    using parent = makeFolder(root, folder).folder;
    if (parent.look(name) !== undefined) continue;
    const staged = staging.stageFast(fs.readFileSync(path.join(skeleton, at)));
    fs.renameSync(staging.folder.at(staged), parent.at(name));
  }
}

function listSkeleton(): string[] {
  const entries = fs.readdirSync(skeleton, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(skeleton, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
}

/** Removes what an earlier run left half-written. */
export function sweepStaging({ staging }: OpenHome): void {
  for (const name of fs.readdirSync(staging.folder.at("."))) staging.drop(name);
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}${path.sep}`);
}
