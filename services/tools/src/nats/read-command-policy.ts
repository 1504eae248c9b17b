import type { Bus } from "@matrix-os/bus";
import { toOsError } from "@matrix-os/contracts/errors";
import { MAX_READ_BYTES, readRequest } from "@matrix-os/contracts/file/read.request";
import { type CommandPolicy, POLICY_PATH, readPolicy } from "../command/command-policy.ts";

/** The owner's policy as it is now; without the file nothing is allowed. Throws what keeps the file service from answering. */
export async function readCommandPolicy(bus: Bus): Promise<CommandPolicy> {
  try {
    const file = await bus.request(readRequest, {
      path: POLICY_PATH,
      encoding: "utf8",
      offset: 0,
      length: MAX_READ_BYTES,
    });
    return readPolicy(file.content);
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "not-found") return readPolicy(undefined);
    throw error;
  }
}
