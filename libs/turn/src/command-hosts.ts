import type { Bus } from "@matrix-os/bus";
import { OsError } from "@matrix-os/contracts/errors";
import { MAX_READ_BYTES, readRequest } from "@matrix-os/contracts/file/read.request";
import { COMMANDS_FILE_PATH, readCommandsFile } from "@matrix-os/contracts/policy/commands-file";

/** Hosts that commands may reach; a file that can't be understood opens none. */
export async function readCommandHosts(bus: Bus): Promise<readonly string[]> {
  try {
    const asked = { path: COMMANDS_FILE_PATH, encoding: "utf8" as const, offset: 0, length: MAX_READ_BYTES };
    return readCommandsFile((await bus.request(readRequest, asked)).content).hosts;
  } catch (thrown) {
    if (thrown instanceof OsError && thrown.kind === "rejected") return [];
    throw thrown;
  }
}
