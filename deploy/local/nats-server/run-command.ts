import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);
const longestOutputBytes = 64 * 1024 * 1024;

/** Where and how long a command may run. */
export interface CommandOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a program to its end and gives its standard output. Rejects with the last lines it printed. */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<string> {
  const [program = "", ...rest] = command;
  try {
    const { stdout } = await execute(program, rest, {
      cwd: options.cwd,
      timeout: options.timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: longestOutputBytes,
      env: { ...process.env, ...options.environment },
    });
    return stdout;
  } catch (cause) {
    throw new Error(explain(program, cause), { cause });
  }
}

function explain(program: string, cause: unknown): string {
  if (!(cause instanceof Error)) return `${program} failed`;
  if ("code" in cause && cause.code === "ENOENT") return `${program} is not installed`;
  if ("killed" in cause && cause.killed === true) return `${program} took too long`;
  const printed = "stderr" in cause && typeof cause.stderr === "string" ? cause.stderr.trim() : "";
  const lastLines = (printed || cause.message).split("\n").slice(-3).join(" / ");
  return `${program}: ${lastLines}`;
}
