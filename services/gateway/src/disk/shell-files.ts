import { createHash } from "node:crypto";
import { type Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import mime from "mime";

const toGzip = promisify(gzip);
/** Files kept in memory; a shell has fewer. */
const MAX_CACHED = 500;
const MAX_FILE_BYTES = 20_000_000;
const safeName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const textual = /^(text\/.+|application\/(json|javascript|manifest\+json|wasm)|image\/svg\+xml)$/;

/** How a file can travel, the smallest first. */
export type Encoding = "br" | "gzip" | "identity";

/** A file of the built shell. */
export interface ShellFile {
  readonly type: string;
  readonly etag: string;
  readonly bodies: Readonly<Partial<Record<Encoding, Buffer>>> & { readonly identity: Buffer };
}

/** The built shell. A file that was built anew is read anew. */
export interface ShellFiles {
  /** Undefined when there is no such file. */
  find(path: string): Promise<ShellFile | undefined>;
}

interface Cached {
  readonly stamp: string;
  readonly file: Promise<ShellFile>;
}

/** Reads a folder that the build fills; it need not be there. */
export function openShellFiles(folder: string): ShellFiles {
  const cached = new Map<string, Cached>();
  return {
    find: async (path) => {
      if (!path.split("/").every((name) => safeName.test(name))) return undefined;
      const full = join(folder, path);
      const stats = await findFile(full);
      if (stats === undefined) return undefined;
      const stamp = `${stats.mtimeMs} ${stats.size}`;
      const known = cached.get(path);
      if (known?.stamp === stamp) return await known.file;
      if (cached.size >= MAX_CACHED) cached.clear();
      const file = readShellFile(full);
      cached.set(path, { stamp, file });
      file.catch(() => cached.delete(path));
      return await file;
    },
  };
}

async function findFile(path: string): Promise<Stats | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() === true && stats.size <= MAX_FILE_BYTES ? stats : undefined;
}

async function readShellFile(path: string): Promise<ShellFile> {
  const type = mime.getType(path) ?? "application/octet-stream";
  const [identity, br, ready] = await Promise.all([
    readFile(path),
    readIfThere(`${path}.br`),
    readIfThere(`${path}.gz`),
  ]);
  const packed = ready ?? (textual.test(type) ? await toGzip(identity, { level: 9 }) : undefined);
  return {
    type: textual.test(type) ? `${type}; charset=utf-8` : type,
    etag: `"${createHash("sha256").update(identity).digest("hex")}"`,
    bodies: { identity, ...(br === undefined ? {} : { br }), ...(packed === undefined ? {} : { gzip: packed }) },
  };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return await readFile(path).catch(() => undefined);
}
