import { z } from "zod";

const probe = z.object({
  readsOutside: z.boolean(),
  writesOutside: z.boolean(),
  writesWork: z.boolean(),
  connects: z.boolean(),
  seesProcesses: z.boolean(),
  makesNamespaces: z.boolean(),
  capabilities: z.string(),
  noNewPrivileges: z.string(),
  seccomp: z.string(),
});

const LONGEST_OUTPUT_CHARS = 300;

/** What an escape attempt shows: sentences for what got out or does not work; none when the sandbox holds. */
export function judgeProbe(output: string): string[] {
  const last = output.trim().split("\n").at(-1) ?? "";
  const found = probe.safeParse(parseJson(last));
  if (!found.success) return [`the trial did not run: ${output.trim().slice(0, LONGEST_OUTPUT_CHARS) || "no output"}`];
  const seen = found.data;
  const faults: readonly (readonly [boolean, string])[] = [
    [seen.readsOutside, "a file outside could be read"],
    [seen.writesOutside, "a file outside could be written"],
    [!seen.writesWork, "the work folder could not be written"],
    [seen.connects, "a port of this machine could be reached"],
    [seen.seesProcesses, "processes of this machine could be seen"],
    [seen.makesNamespaces, "a user namespace could be made"],
    [!/^0+$/.test(seen.capabilities), "capabilities were left"],
    [seen.noNewPrivileges !== "1", "privileges could be gained"],
    [seen.seccomp !== "2", "no system call filter was in force"],
  ];
  return faults.flatMap(([isSo, sentence]) => (isSo ? [sentence] : []));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
