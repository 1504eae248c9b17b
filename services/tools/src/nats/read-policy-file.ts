import type { Bus } from "@matrix-os/bus";
import { toOsError } from "@matrix-os/contracts/errors";
import { MAX_READ_BYTES, readRequest } from "@matrix-os/contracts/file/read.request";

/** The text of one of the owner's policy files as it is now; undefined without it. Throws what keeps the file service from answering. */
export async function readPolicyFile(bus: Bus, path: string): Promise<string | undefined> {
  try {
    return (await bus.request(readRequest, { path, encoding: "utf8", offset: 0, length: MAX_READ_BYTES })).content;
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "not-found") return undefined;
    throw error;
  }
}
