import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { runProgram } from "../src/program.ts";

/** What a finished command has left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
  /** Resolves when standard output (or error) holds a text so often; fails when the command ends without it. */
  readonly prints: (text: string, times?: number) => Promise<void>;
  readonly type: (text: string) => void;
}

interface Options {
  readonly url?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Keep standard input open. */
  readonly open?: boolean;
  /** A terminal: a child gets a pseudo-terminal (util-linux `script`), else the output only says that it is one. */
  readonly terminal?: boolean;
}

const main = join(import.meta.dirname, "../src/main.ts");
const emptyHome = mkdtempSync(join(tmpdir(), "matrixos-cli-"));

/** Starts the real program as a child with nothing of this machine's own settings. */
export function startCli(words: readonly string[], options: Options = {}): Running {
  const env = { PATH: process.env["PATH"] ?? "", TERM: "xterm", ...toEnv(options) };
  const command = [process.execPath, main, ...words];
  const [program = "", ...args] =
    options.terminal === true ? ["script", "-qefc", `exec ${command.map(quote).join(" ")}`, "/dev/null"] : command;
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => out.push(part));
  child.stderr.on("data", (part: Buffer) => err.push(part));
  child.stdin.on("error", () => undefined);
  if (options.open !== true) child.stdin.end(options.input ?? "");
  const seen = (): string => Buffer.concat([...out, ...err]).toString();
  const done = new Promise<Ran>((resolve) => {
    child.on("close", (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, bytes, stdout: bytes.toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  const prints = (text: string, times = 1): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => (seen().split(text).length > times ? resolve() : undefined);
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      void done.then(() => reject(new Error(`it ended without «${text}»: ${seen()}`)));
      look();
    });
  return { child, done, prints, type: (text) => void child.stdin.write(text) };
}

/** Runs the real program to its end, inside this process: much faster than a child, for all that needs no signal and no terminal. */
export async function runCli(words: readonly string[], options: Options = {}): Promise<Ran> {
  const isTTY = options.terminal === true;
  const streams = {
    stdin: new PassThrough(),
    stdout: Object.assign(new PassThrough(), { isTTY }),
    stderr: Object.assign(new PassThrough(), { isTTY }),
  };
  const out = buffer(streams.stdout);
  const err = text(streams.stderr);
  streams.stdin.end(options.input ?? "");
  const code = await runProgram(words, { streams, env: toEnv(options) });
  streams.stdout.end();
  streams.stderr.end();
  const bytes = await out;
  return { code, bytes, stdout: bytes.toString(), stderr: await err };
}

function toEnv({ url, env }: Options): Record<string, string> {
  return { HOME: emptyHome, MATRIX_TOKEN: "secret", ...(url === undefined ? {} : { MATRIX_URL: url }), ...env };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** One field of each line of JSON. */
export function fieldsOf(lines: string, field: string): unknown[] {
  return lines
    .trim()
    .split("\n")
    .map((line): unknown => (JSON.parse(line) as Record<string, unknown>)[field]);
}
