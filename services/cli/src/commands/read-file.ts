import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { readFileRoute } from "@matrix-os/contracts/api/files";
import type { Cli } from "../cli.ts";
import { type ExitCode, exitCodes, Failure } from "../failure.ts";
import { toHomePath } from "../files/home-path.ts";
import { toUnreachable } from "../http/unreachable.ts";
import type { Streams } from "../terminal/streams.ts";

/** Prints a file of the home, bytes exactly as they are; a terminal gets harmless text instead, and no binary files. */
export async function readFile(cli: Cli, path: string, { output }: { readonly output?: string }): Promise<ExitCode> {
  const values = { params: { "*": toHomePath(path, cli.config.home) }, query: { list: "0" } };
  const body = await cli.api.open(readFileRoute, values);
  if (body.headers.etag === undefined) throw folderFailure(path, body);
  if (cli.json) await writeJson(cli, path, body);
  else if (output !== undefined) await writeLocal(body, output);
  else if (cli.terminal.isInteractive) await writeHarmless(cli, body);
  else await writeExactly(body, cli.streams);
  return exitCodes.done;
}

async function writeExactly(body: IncomingMessage, { stdout }: Streams): Promise<void> {
  for await (const part of brokenAsFailure(body)) {
    if (!stdout.write(part)) await once(stdout, "drain");
  }
}

async function writeLocal(body: IncomingMessage, output: string): Promise<void> {
  try {
    await pipeline(brokenAsFailure(body), createWriteStream(output));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(`${output} can't be written (${reason}).`, {
      exitCode: exitCodes.failed,
      code: "local-file",
      cause,
    });
  }
}

async function writeHarmless(cli: Cli, body: IncomingMessage): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let last = "\n";
  for await (const part of brokenAsFailure(body)) {
    if (part.includes(0)) throw binaryFailure();
    const text = cli.terminal.out.text(decoder.write(part));
    cli.terminal.write(text);
    last = text.at(-1) ?? last;
  }
  if (last !== "\n") cli.terminal.write("\n");
}

async function writeJson(cli: Cli, path: string, body: IncomingMessage): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of brokenAsFailure(body)) parts.push(part);
  const bytes = Buffer.concat(parts);
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes);
  const hash = body.headers.etag?.replaceAll('"', "");
  const content = isText
    ? { encoding: "utf8", content: text }
    : { encoding: "base64", content: bytes.toString("base64") };
  cli.terminal.write(`${JSON.stringify({ path, hash, sizeBytes: bytes.length, ...content })}\n`);
}

async function* brokenAsFailure(body: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const part of body) yield part as Buffer;
  } catch (cause) {
    throw toUnreachable("the gateway", cause);
  }
}

// Only files have an ETag: a folder answers with its list.
function folderFailure(path: string, body: IncomingMessage): Failure {
  body.destroy();
  return new Failure(`${path} is a folder.`, {
    exitCode: exitCodes.failed,
    code: "is-folder",
    remedy: `See what is in it with: matrixos files list ${path}`,
  });
}

function binaryFailure(): Failure {
  return new Failure("This file is not text, a terminal can't show it.", {
    exitCode: exitCodes.failed,
    code: "binary",
    remedy: "Save it with --output FILE, or pass it on with a pipe.",
  });
}
