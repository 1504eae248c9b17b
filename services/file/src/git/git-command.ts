import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { unavailable } from "@matrix-os/contracts/errors";

/** Where the history stands, and how git is found. */
export interface GitPlace {
  readonly gitDir: string;
  /** The `PATH` that git is looked up in. */
  readonly searchPath: string;
}

/** Settings of every git process here: nobody's own configuration, hooks or filters take part. */
const SETTINGS = [
  "core.fsync=all",
  "core.compression=1",
  "core.bigFileThreshold=1m",
  "core.protectHFS=false",
  "core.protectNTFS=false",
  "core.hooksPath=/dev/null",
  "fastimport.unpackLimit=0",
  "gc.auto=0",
  "pack.threads=1",
];

/** Starts git on the history. */
export function startGit(place: GitPlace, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn("git", [...SETTINGS.flatMap((setting) => ["-c", setting]), "--git-dir", place.gitDir, ...args], {
    stdio: "pipe",
    env: {
      PATH: place.searchPath,
      LC_ALL: "C",
      HOME: place.gitDir,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
    },
  });
}

/** Runs git once; its output, or an error with its last words. */
export async function runGit(place: GitPlace, args: readonly string[]): Promise<string> {
  const child = startGit(place, args);
  child.stdin.on("error", () => undefined).end();
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => output.push(part));
  child.stderr.on("data", (part: Buffer) => complaints.push(part));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  ).catch((cause: unknown) => {
    throw unavailable("disk-failed", "git can't be started; it must be installed", { cause });
  });
  if (code === 0) return Buffer.concat(output).toString("utf8");
  throw toGitError(args[0] ?? "git", Buffer.concat(complaints).toString("utf8"));
}

/** What git complained of, as a disk error; a full disk is named as such. */
export function toGitError(command: string, complaint: string): Error {
  const words = complaint.trim().split("\n").slice(-3).join(" | ");
  if (/no space left|quota exceeded|file too large/i.test(complaint))
    return unavailable("disk-full", `git ${command}: ${words}`, { retryAfterMs: 5_000 });
  return unavailable("disk-failed", `git ${command} failed: ${words || "it ended"}`);
}
