import type { Bus } from "@matrix-os/bus";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { CONFIG_FILE_PATH, type ConfigFile, configFile, parseConfigFile } from "@matrix-os/contracts/home/config-file";
import type { QueueMode } from "@matrix-os/contracts/turn/message";
import type { Log } from "@matrix-os/runtime/log";

/** What messages do that don't say it themselves, by the owner's settings. */
export interface QueueModes {
  of(session: string): Promise<QueueMode>;
  /** The settings changed, or may have. */
  forget(): void;
}

type Queue = ConfigFile["queue"];

/** Reads the settings once, and again after `forget`. While they can't be used, the last good ones count. */
export function createQueueModes(bus: Bus, log: Log): QueueModes {
  let known: Promise<Queue> | undefined;
  let lastGood: Queue = configFile.parse({}).queue;
  const read = async (): Promise<Queue> => {
    try {
      const { content } = await bus.request(readRequest, readRequest.request.parse({ path: CONFIG_FILE_PATH }));
      lastGood = parseConfigFile(content).queue;
    } catch (error) {
      log.warn({ err: error }, "configuration not used");
    }
    return lastGood;
  };
  return {
    of: async (session) => {
      known ??= read();
      const { mode, sessions } = await known;
      return sessions[session] ?? mode;
    },
    forget: () => {
      known = undefined;
    },
  };
}
