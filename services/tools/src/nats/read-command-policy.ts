import type { Bus } from "@matrix-os/bus";
import { type CommandPolicy, COMMANDS_FILE_PATH, readCommandsFile } from "@matrix-os/contracts/policy/commands-file";
import { readPolicyFile } from "./read-policy-file.ts";

/** The owner's policy as it is now; without the file nothing is allowed. Throws what keeps the file service from answering. */
export async function readCommandPolicy(bus: Bus): Promise<CommandPolicy> {
  return readCommandsFile(await readPolicyFile(bus, COMMANDS_FILE_PATH));
}
