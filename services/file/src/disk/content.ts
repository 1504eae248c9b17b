import { createHash } from "node:crypto";
import fs from "node:fs";
import { rejected } from "@matrix-os/contracts/errors";
import { splitPath } from "../home-path/home-rules.ts";
import type { VaultScan, Withheld } from "../withheld/vault-scan.ts";
import { toErrno } from "./disk-error.ts";
import { type Folder, openFolder } from "./folder.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const PART_BYTES = 131_072;
/** Larger files are hashed in turns, so that others get a go. */
const SMALL_BYTES = 1_048_576;

/** Both names of some bytes: what the contracts call hash, and what git calls blob. */
export interface ContentIds {
  readonly hash: string;
  /** As the history has them: of the placeholder where the bytes stay out of it. */
  readonly blob: string;
  readonly withheld?: Withheld | undefined;
}

/** An opened file of the home; the bytes stay those of the moment it was opened when the file is replaced. */
export interface OpenFile extends Disposable {
  readonly fd: number;
  readonly stats: fs.Stats;
  /** Some bytes; fewer at the end. */
  readonly read: (offset: number, length: number) => Buffer;
  /** Bytes in parts, with a turn for others between them. */
  readonly parts: (offset: number, length: number) => AsyncIterableIterator<Buffer>;
  /** Hands the descriptor on: disposing this one no longer closes it. */
  readonly take: () => OpenFile;
}

/** The names of bytes in memory. */
export function toContentIds(bytes: Uint8Array, scan: VaultScan): ContentIds {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return toIds({ hash, blob: () => toBlobId(bytes) }, scan.check(bytes, hash));
}

function toIds(of: { hash: string; blob: () => string }, withheld: Withheld | undefined): ContentIds {
  if (withheld === undefined) return { hash: of.hash, blob: of.blob() };
  return { hash: of.hash, blob: toBlobId(withheld.placeholder), withheld };
}

/** The name git gives these bytes. */
export function toBlobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** What tells that a file is the same as when it was last looked at, without reading it. */
export function toStamp(stats: fs.Stats): string {
  return `${stats.ino}.${stats.size}.${stats.mtimeMs}.${stats.ctimeMs}.${stats.mode}`;
}

/** Opens a regular file without following a link. Errors: `not-found`, `is-folder`, `not-a-folder`, `denied`. */
export function openFile(root: Folder, path: string): OpenFile {
  const { folder, name } = splitPath(path);
  using parent = openFolder(root, folder);
  return openAt(parent, name, path);
}

/** The same for a name in an opened folder. */
export function openAt(parent: Folder, name: string, path = name): OpenFile {
  const fd = openName(parent, name, path);
  const stats = fs.fstatSync(fd);
  if (stats.isFile()) return toOpenFile(fd, stats);
  fs.closeSync(fd);
  if (stats.isDirectory()) throw rejected("is-folder", `${path} is a folder`, { field: "path" });
  throw rejected("denied", `${path} is not a regular file`, { field: "path" });
}

function toOpenFile(fd: number, stats: fs.Stats): OpenFile {
  let isOwned = true;
  return {
    fd,
    stats,
    read: (offset, length) => readRange(fd, offset, length),
    parts: (offset, length) => readParts(fd, offset, length),
    take: () => {
      isOwned = false;
      return toOpenFile(fd, stats);
    },
    [Symbol.dispose]: () => {
      if (isOwned) fs.closeSync(fd);
      isOwned = false;
    },
  };
}

function openName(parent: Folder, name: string, path: string): number {
  try {
    return fs.openSync(parent.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (thrown) {
    const errno = toErrno(thrown);
    if (errno === "ELOOP")
      throw rejected("denied", `${path} is a link; links are not followed`, { cause: thrown, field: "path" });
    if (errno === "ENOENT") throw rejected("not-found", `${path} does not exist`, { cause: thrown, field: "path" });
    if (errno === "ENXIO") throw rejected("denied", `${path} is not a regular file`, { cause: thrown, field: "path" });
    throw thrown;
  }
}

/** Some bytes of an opened file; fewer at its end. */
export function readRange(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = fs.readSync(fd, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** The bytes of an opened file in parts, with a turn for others between them. */
export async function* readParts(fd: number, offset: number, length: number): AsyncIterableIterator<Buffer> {
  for (let at = 0; at < length; at += PART_BYTES) {
    const part = readRange(fd, offset + at, Math.min(PART_BYTES, length - at));
    if (part.length === 0) return;
    yield part;
    await new Promise(setImmediate);
  }
}

/** The names of an opened file's bytes. */
export async function readContentIds(file: Pick<OpenFile, "fd" | "stats">, scan: VaultScan): Promise<ContentIds> {
  const { size } = file.stats;
  if (size <= SMALL_BYTES) return toContentIds(readRange(file.fd, 0, size), scan);
  const ids = createContentIds(size, scan);
  for await (const part of readParts(file.fd, 0, size)) ids.add(part);
  return ids.end();
}

/** The names of bytes that come in parts, `size` in all. */
export function createContentIds(
  size: number,
  scan: VaultScan,
): { readonly add: (part: Buffer) => void; readonly end: () => ContentIds } {
  const hash = createHash("sha256");
  const blob = createHash("sha1").update(`blob ${size}\0`);
  const checked = scan.checkParts();
  return {
    add: (part) => {
      hash.update(part);
      blob.update(part);
      checked.add(part);
    },
    end: () => {
      const name = hash.digest("hex");
      return toIds({ hash: name, blob: () => blob.digest("hex") }, checked.end(name));
    },
  };
}

/** Remembers the names of files by path and stamp, at most 20,000, the oldest forgotten first. */
export class ContentMemory {
  readonly #known = new Map<string, ContentIds & { readonly stamp: string }>();
  readonly #scan: VaultScan;

  constructor(scan: VaultScan) {
    this.#scan = scan;
  }

  /** The names, if the file is as it was. */
  recall(path: string, stats: fs.Stats): ContentIds | undefined {
    const known = this.#known.get(path);
    return known?.stamp === toStamp(stats) ? known : undefined;
  }

  /** Keeps the names of a file as it is now. */
  remember(path: string, stats: fs.Stats, ids: ContentIds): void {
    this.#known.delete(path);
    this.#known.set(path, { ...ids, stamp: toStamp(stats) });
    if (this.#known.size <= 20_000) return;
    const oldest = this.#known.keys().next().value;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Forgets everything. */
  clear(): void {
    this.#known.clear();
  }

  /** Reads the names of an opened file unless they are known. */
  async idsOf(path: string, file: OpenFile): Promise<ContentIds> {
    const known = this.recall(path, file.stats);
    if (known !== undefined) return known;
    const ids = await readContentIds(file, this.#scan);
    if (toStamp(fs.fstatSync(file.fd)) === toStamp(file.stats)) this.remember(path, file.stats, ids);
    return ids;
  }
}
