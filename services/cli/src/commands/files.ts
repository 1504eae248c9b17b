import { readFile as readLocalFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import {
  deleteFileRoute,
  fileList,
  type FileChange,
  type FileList,
  MAX_PUT_BYTES,
  moveFileRoute,
  readFileRoute,
  writeFileRoute,
} from "@matrix-os/contracts/api/files";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes, Failure, usageFailure } from "../failure.ts";
import { toHomePath } from "../files/home-path.ts";
import { toMoment, toSize, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

/** Lists a folder of the home. */
export async function listFiles(cli: Cli, folder: string, { depth }: { readonly depth?: string }): Promise<ExitCode> {
  const path = toHomePath(folder, cli.config.home);
  const route = { ...readFileRoute, reply: fileList };
  const list = await cli.api.call(route, { params: { "*": path }, query: { list: "1", depth } });
  showResult(cli, list, ({ entries }) => toFileTable(entries, cli.terminal.out, new Date()));
  if (list.truncated && !cli.json)
    cli.terminal.note(cli.terminal.err.dim("More entries were left out: list a folder inside."));
  return exitCodes.done;
}

/** What `files write` was told. */
export interface WriteInput {
  readonly path: string;
  /** A file of this machine; without it standard input is read. */
  readonly from?: string;
  /** The hash that the file must have. */
  readonly ifMatch?: string;
}

/** Creates or replaces a file of the home, bytes exactly as they come. */
export async function writeFile(cli: Cli, { path, from, ifMatch }: WriteInput): Promise<ExitCode> {
  const bytes = from === undefined ? await buffer(cli.streams.stdin) : await readLocal(from);
  if (bytes.length > MAX_PUT_BYTES) throw usageFailure(`A file may have at most ${toSize(MAX_PUT_BYTES)}.`);
  const headers: Record<string, string> = ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` };
  const change = await cli.api.call(writeFileRoute, {
    params: { "*": toHomePath(path, cli.config.home) },
    bytes,
    headers,
  });
  showChange(
    cli,
    change,
    `${change.created ? "created" : "replaced"} ${change.path} (${toSize(change.sizeBytes ?? bytes.length)})`,
  );
  return exitCodes.done;
}

/** Deletes files or folders of the home; `matrixos undo` brings them back. */
export async function deleteFiles(cli: Cli, paths: readonly string[]): Promise<ExitCode> {
  for (const path of paths) {
    const change = await cli.api.call(deleteFileRoute, { params: { "*": toHomePath(path, cli.config.home) } });
    showChange(cli, change, `deleted ${change.path}`);
  }
  return exitCodes.done;
}

/** Moves or renames a file or folder of the home. */
export async function moveFile(cli: Cli, from: string, to: string): Promise<ExitCode> {
  const { home } = cli.config;
  const change = await cli.api.call(moveFileRoute, {
    body: { from: toHomePath(from, home), to: toHomePath(to, home) },
  });
  showChange(cli, change, `moved to ${change.path}`);
  return exitCodes.done;
}

/** The entries of a folder as a table; folders end with a slash. */
export function toFileTable(entries: FileList["entries"], paint: Paint, now: Date): string {
  if (entries.length === 0) return "(empty)\n";
  return toTable(
    entries.map(({ path, type, sizeBytes, modifiedAt }) => [
      type === "folder" ? "-" : toSize(sizeBytes),
      toMoment(modifiedAt, now),
      type === "folder" ? paint.cyan(`${paint.name(path)}/`) : paint.name(path),
    ]),
  );
}

function showChange(cli: Cli, change: FileChange, sentence: string): void {
  showResult(cli, change, () => `${cli.terminal.out.name(sentence)}\n`);
}

async function readLocal(path: string): Promise<Buffer> {
  try {
    return await readLocalFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(`${path} can't be read (${reason}).`, { exitCode: exitCodes.failed, code: "local-file", cause });
  }
}
