import { randomUUID } from "node:crypto";
import type { Bus } from "@matrix-os/bus";
import { connectBus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { Surroundings } from "@matrix-os/runtime/service";
import type { DispatcherConfig } from "./config.ts";
import { startReconciler } from "./nats/reconciler.ts";

/** What the dispatcher's handlers need. */
export interface DispatcherDeps extends AsyncDisposable {
  readonly bus: Bus;
  readonly log: Log;
  readonly newSession: () => string;
}

/** Builds the dispatcher: makes the streams first, then watches for unfinished turns. */
export async function createDispatcherDeps(config: DispatcherConfig, around: Surroundings): Promise<DispatcherDeps> {
  const provisioner =
    config.provisioner === undefined ? around.bus : await connectBus("provisioner", config.provisioner);
  const reconciler = await startReconciler({
    bus: around.bus,
    provisioner,
    log: around.log,
    everyMs: config.reconcileMs,
    signal: around.signal,
  });
  return {
    bus: around.bus,
    log: around.log,
    newSession: () => `s_${randomUUID().replaceAll("-", "").slice(0, 20)}`,
    [Symbol.asyncDispose]: async () => {
      await reconciler.ended;
      if (provisioner !== around.bus) await provisioner[Symbol.asyncDispose]();
    },
  };
}
