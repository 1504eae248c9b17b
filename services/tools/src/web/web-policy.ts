import { z } from "zod";

/** Where the owner says what of the web may be read. */
export const WEB_POLICY_PATH = "system/policy/web.json";

const MAX_PORTS = 50;

const policy = z.strictObject({ ports: z.array(z.number().int().min(1).max(65_535)).max(MAX_PORTS).default([]) });

/** What may be read beyond the standard ports; `problem` says why the file counts for nothing. */
export interface WebPolicy {
  readonly ports: readonly number[];
  readonly problem?: string;
}

/** The owner's policy; a file that can't be understood allows nothing. */
export function readWebPolicy(text: string | undefined): WebPolicy {
  if (text === undefined) return { ports: [] };
  try {
    const parsed = policy.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    return { ports: [], problem: `${WEB_POLICY_PATH}: ${z.prettifyError(parsed.error)}` };
  } catch {
    return { ports: [], problem: `${WEB_POLICY_PATH} is not JSON` };
  }
}
