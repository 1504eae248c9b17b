import type { Bus } from "@matrix-os/bus";
import { OsError } from "@matrix-os/contracts/errors";
import { MAX_READ_BYTES, readRequest } from "@matrix-os/contracts/file/read.request";
import { z } from "zod";

/** Where the owner opens hosts to commands; the tools service reads it strictly. */
const PATH = "system/policy/commands.json";
const policy = z.looseObject({ network: z.looseObject({ allow: z.array(z.string()) }) });

/** Hosts that commands may reach; a file that can't be understood opens none. */
export async function readCommandHosts(bus: Bus): Promise<readonly string[]> {
  try {
    const asked = { path: PATH, encoding: "utf8" as const, offset: 0, length: MAX_READ_BYTES };
    return toHosts((await bus.request(readRequest, asked)).content);
  } catch (thrown) {
    if (thrown instanceof OsError && thrown.kind === "rejected") return [];
    throw thrown;
  }
}

function toHosts(text: string): readonly string[] {
  try {
    const parsed = policy.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.network.allow : [];
  } catch {
    return [];
  }
}
