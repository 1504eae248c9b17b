import { readdirSync, readlinkSync } from "node:fs";
import type { DiskCall } from "./disk-model.ts";
import { attach, findThread } from "./file-calls.ts";

const traced = "openat,mkdir,pwrite64,fsync,fdatasync,rename,link,unlink,ftruncate";
/** Bytes of a write that the tracer shows: more than any record of these turns has. */
const MAX_SHOWN = "200000";

/** Records every call of the file service that changes its disk, while some work is done. */
export async function recordCalls(pid: number, home: string, work: () => Promise<void>): Promise<DiskCall[]> {
  const descriptors = readDescriptors(pid);
  const options = ["-ttt", "-T", "-s", MAX_SHOWN, "-e", `trace=${traced}`];
  await using main = await attach(findThread(pid, "main"), options);
  await using pool = await attach(findThread(pid, "pool"), options);
  await work();
  const lines = [main.output(), pool.output()].flatMap((output) => output.split("\n").flatMap(toLine));
  const calls = lines.toSorted((a, b) => a.atMs - b.atMs).flatMap((line) => toCalls(line, descriptors, home));
  return calls;
}

interface Line {
  readonly atMs: number;
  readonly name: string;
  readonly rest: string;
}

/** A call counts from its end: until then nobody may rely on it. */
function toLine(text: string): Line[] {
  const found = /^([\d.]+) (\w+)\((.*)\) = (?!-1).*?<([\d.]+)>$/s.exec(text);
  if (found === null) return [];
  const [, began = "0", name = "", , took = "0"] = found;
  return [{ atMs: 1_000 * (Number(began) + Number(took)), name, rest: text.slice(text.indexOf("(") + 1) }];
}

interface Told {
  readonly atMs: number;
  /** What the descriptor in the first place leads to. */
  readonly held: string;
  /** The quoted strings as paths, and the first one as it stands. */
  readonly first: string;
  readonly second: string;
  readonly text: string;
  /** The last number before the result. */
  readonly number: number;
}

const readers: Readonly<Record<string, (told: Told) => DiskCall>> = {
  mkdir: ({ first, atMs }) => ({ do: "folder", path: first, atMs }),
  pwrite64: ({ held, text, number, atMs }) => ({ do: "write", path: held, data: unescape(text), offset: number, atMs }),
  ftruncate: ({ held, number, atMs }) => ({ do: "cut", path: held, size: number, atMs }),
  fsync: ({ held, atMs }) => ({ do: "sync", path: held, atMs }),
  fdatasync: ({ held, atMs }) => ({ do: "sync", path: held, atMs }),
  unlink: ({ first, atMs }) => ({ do: "unlink", path: first, atMs }),
  rename: ({ first, second, atMs }) => ({ do: "rename", path: first, to: second, atMs }),
  link: ({ first, second, atMs }) => ({ do: "link", path: first, to: second, atMs }),
};

function toCalls(line: Line, descriptors: Map<string, string>, home: string): DiskCall[] {
  const { atMs, name, rest } = line;
  const inside = (path: string): string => (path === home ? "" : path.replace(`${home}/`, ""));
  if (name === "openat") {
    const { descriptor, path } = readMatch(rest, / = (?<descriptor>\d+)<(?<path>[^>]*)>/);
    descriptors.set(descriptor ?? "", path ?? "");
    return rest.includes("O_CREAT") ? [{ do: "create", path: inside(path ?? ""), atMs }] : [];
  }
  const quoted = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((found) => String(found[1]));
  const [first, second] = [0, 1].map((at) => inside(resolve(String(quoted[at]), descriptors))) as [string, string];
  const held = inside(String(readMatch(rest, /^\d+<(?<path>[^>]*)>/)["path"]));
  const told = { atMs, held, first, second, text: String(quoted[0]), number: readNumber(rest) };
  return [readers[name]?.(told)].flatMap((call) => call ?? []);
}

function readMatch(text: string, pattern: RegExp): Record<string, string | undefined> {
  return pattern.exec(text)?.groups ?? {};
}

function readNumber(rest: string): number {
  return Number(/, (\d+)\) += /.exec(rest)?.[1]);
}

function resolve(path: string, descriptors: ReadonlyMap<string, string>): string {
  return path.replace(/^\/proc\/self\/fd\/(\d+)/, (_, descriptor: string) => descriptors.get(descriptor) ?? "");
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f" };

/** The bytes behind the tracer's C string. */
function unescape(text: string): Buffer {
  const plain = text.replaceAll(/\\([0-7]{1,3}|.)/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCodePoint(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
  return Buffer.from(plain, "latin1");
}

function readDescriptors(pid: number): Map<string, string> {
  const folder = `/proc/${pid}/fd`;
  return new Map(
    readdirSync(folder).flatMap((name): [string, string][] => {
      try {
        return [[name, readlinkSync(`${folder}/${name}`)]];
      } catch {
        return [];
      }
    }),
  );
}
