import fs from "node:fs";
import { OsError, rejected } from "@matrix-os/contracts/errors";
import { joinPath, splitPath } from "../home-path/home-rules.ts";
import { toErrno } from "./disk-error.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/** How names in an opened folder are reached. */
export type Reach = "by-descriptor" | "by-path";

const bestReach: Reach = process.platform === "linux" && fs.existsSync("/proc/self/fd") ? "by-descriptor" : "by-path";

/**
 * One opened folder. On Linux the names in it are reached through its descriptor, so nobody can swap a link in between.
 * Elsewhere the path is checked again after each opening; a swap inside that window is noticed, not prevented.
 */
export class Folder implements Disposable {
  readonly fd: number;
  readonly #path: string;
  readonly #reach: Reach;

  constructor(fd: number, path: string, reach: Reach) {
    this.fd = fd;
    this.#path = path;
    this.#reach = reach;
  }

  /** A path to a name in this folder, for one system call now. */
  at(name: string): string {
    return this.#reach === "by-descriptor" ? `/proc/self/fd/${this.fd}/${name}` : `${this.#path}/${name}`;
  }

  /** The same for a name of any bytes. */
  atBytes(name: Buffer): Buffer {
    return Buffer.concat([Buffer.from(this.at("")), name]);
  }

  /** Opens a folder in this one; a link is not followed. Throws errnos. */
  child(name: string | Buffer): Folder {
    const place = typeof name === "string" ? this.at(name) : this.atBytes(name);
    const child = new Folder(
      fs.openSync(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
      name === "." ? this.#path : `${this.#path}/${name.toString()}`,
      this.#reach,
    );
    if (this.#reach === "by-path") child.#verify();
    return child;
  }

  /** What stands under a name, or `undefined`. */
  look(name: string): fs.Stats | undefined {
    return fs.lstatSync(this.at(name), { throwIfNoEntry: false });
  }

  #verify(): void {
    const opened = fs.fstatSync(this.fd);
    const named = fs.lstatSync(this.#path);
    if (opened.ino === named.ino && opened.dev === named.dev && fs.realpathSync(this.#path) === this.#path) return;
    this[Symbol.dispose]();
    throw rejected("denied", "a folder was replaced while it was opened");
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.fd);
  }
}

/** Opens the folder that everything else is relative to; the owner may reach it over links. */
export function openRoot(path: string, reach = bestReach): Folder {
  const real = fs.realpathSync(path);
  return new Folder(fs.openSync(real, O_RDONLY | O_DIRECTORY), real, reach);
}

/** Opens a folder of the home name by name (the empty path is the home). Errors: `not-found`, `not-a-folder`, `denied` for links. */
export function openFolder(root: Folder, path: string): Folder {
  let current = root.child(".");
  let walked = "";
  for (const name of toNames(path)) {
    using parent = current;
    walked = joinPath(walked, name);
    current = openChild(parent, name, walked);
  }
  return current;
}

/** What stands at a path, or `undefined` when nothing does or no folder leads there. */
export function lookAt(root: Folder, path: string): fs.Stats | undefined {
  const { folder, name } = splitPath(path);
  try {
    using parent = openFolder(root, folder);
    return parent.look(name);
  } catch (thrown) {
    if (thrown instanceof OsError) return undefined;
    throw thrown;
  }
}

/** Opens a folder and makes what is missing of it; the names made are told, the outermost first. */
export function makeFolder(root: Folder, path: string): { readonly folder: Folder; readonly made: readonly string[] } {
  const made: string[] = [];
  let current = root.child(".");
  let walked = "";
  for (const name of toNames(path)) {
    using parent = current;
    walked = joinPath(walked, name);
    if (makeChild(parent, name)) made.push(walked);
    current = openChild(parent, name, walked);
  }
  return { folder: current, made };
}

function makeChild(parent: Folder, name: string): boolean {
  if (parent.look(name) !== undefined) return false;
  try {
    fs.mkdirSync(parent.at(name), 0o755);
    return true;
  } catch (thrown) {
    if (toErrno(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

function openChild(parent: Folder, name: string, path: string): Folder {
  try {
    return parent.child(name);
  } catch (thrown) {
    const errno = toErrno(thrown);
    if (errno === "ENOENT") throw rejected("not-found", `${path} does not exist`, { cause: thrown, field: "path" });
    if (errno !== "ENOTDIR" && errno !== "ELOOP") throw thrown;
    if (parent.look(name)?.isSymbolicLink())
      throw rejected("denied", `${path} is a link; links are not followed`, { cause: thrown, field: "path" });
    throw rejected("not-a-folder", `${path} is not a folder`, { cause: thrown, field: "path" });
  }
}

function toNames(path: string): string[] {
  return path === "" ? [] : path.split("/");
}
