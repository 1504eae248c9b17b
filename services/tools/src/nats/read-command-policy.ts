import type { Bus } from "@matrix-os/bus";
import { type CommandPolicy, POLICY_PATH, readPolicy } from "../command/command-policy.ts";
import { readPolicyFile } from "./read-policy-file.ts";

/** The owner's policy as it is now; without the file nothing is allowed. Throws what keeps the file service from answering. */
export async function readCommandPolicy(bus: Bus): Promise<CommandPolicy> {
  return readPolicy(await readPolicyFile(bus, POLICY_PATH));
}
