import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { unavailable } from "@matrix-os/contracts/errors";
import type { Log } from "../src/log.ts";
import { z } from "zod";
import { parseEnv } from "../src/env.ts";
import { runServices } from "../src/run-services.ts";
import { answer, defineService, follow, work } from "../src/service.ts";
import { probeRequest } from "./probe.ts";

// A service in a process of its own. It has the kernel's name because the kernel has a durable consumer.
const gate = Promise.withResolvers<undefined>();
process.on("message", () => gate.resolve(undefined));

const schema = z.object({
  PROBE_SIZE: z.coerce.number().int().positive().default(1).describe("How large the probe is."),
  PROBE_START: z.enum(["well", "refused", "broken", "odd"]).default("well").describe("How the probe starts."),
  PROBE_MODE: z.enum(["fast", "slow"]).default("fast").describe("How the probe works: fast or slow."),
});

interface Deps extends AsyncDisposable {
  readonly log: Log;
  readonly slots: number;
}

const probe = defineService({
  name: "kernel",
  description: "A probe of the runtime",
  readConfig: (env) => parseEnv(schema, env),
  createDeps: async (config, { log }): Promise<Deps> => {
    start(config.PROBE_START);
    return { log, slots: 2, [Symbol.asyncDispose]: async () => log.info("deps closed") };
  },
  hears: [
    answer(probeRequest, async ({ please }, deps: Deps) => {
      if (please === "break") throw new TypeError("the detail");
      if (please === "hold") await gate.promise;
      if (please === "log-secrets") {
        deps.log.info(
          { password: "hunter2", request: { headers: { "x-api-key": "hunter2" } }, deep: { er: { token: "hunter2" } } },
          "said",
        );
      }
      return { done: true };
    }),
    work(runTurnCommand, async () => await gate.promise),
    follow(stopControl, async () => undefined),
  ],
  says: [],
});

function start(how: z.infer<typeof schema>["PROBE_START"]): void {
  if (how === "refused") throw unavailable("disk-full", "the disk is full");
  if (how === "broken") throw new TypeError("the bug");
  // oxlint-disable-next-line typescript/only-throw-error -- what other people's code may do
  if (how === "odd") throw "just words";
}

await runServices("probe", [probe]);
