import { z } from "zod";

/** Where the owner says what commands may reach. No tool can write there. */
export const COMMANDS_FILE_PATH = "system/policy/commands.json";

const MAX_HOSTS = 200;
const hostPattern = z
  .string()
  .max(253)
  .regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/, "a host name in small letters such as example.org, or *.example.org");

const policy = z.strictObject({
  network: z.strictObject({ allow: z.array(hostPattern).max(MAX_HOSTS).default([]) }).default({ allow: [] }),
});

/** What commands may reach; `problem` says why the file counts for nothing. */
export interface CommandPolicy {
  readonly hosts: readonly string[];
  readonly problem?: string;
}

/** The owner's policy; a file that can't be understood allows nothing. */
export function readCommandsFile(text: string | undefined): CommandPolicy {
  if (text === undefined) return { hosts: [] };
  try {
    const parsed = policy.safeParse(JSON.parse(text));
    if (parsed.success) return { hosts: parsed.data.network.allow };
    return { hosts: [], problem: `${COMMANDS_FILE_PATH}: ${z.prettifyError(parsed.error)}` };
  } catch {
    return { hosts: [], problem: `${COMMANDS_FILE_PATH} is not JSON` };
  }
}
