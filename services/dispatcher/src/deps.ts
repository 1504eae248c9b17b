import { randomUUID } from "node:crypto";
import type { Bus } from "@matrix-os/bus";
import { connectBus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { Surroundings } from "@matrix-os/runtime/service";
import type { DispatcherConfig } from "./config.ts";
import { type Doorbell, createDoorbell } from "./nats/doorbell.ts";
import { type QueueModes, createQueueModes } from "./nats/queue-modes.ts";
import { holdLead } from "./nats/lead.ts";
import { type OutboxWorker, createOutboxWorker } from "./nats/outbox-worker.ts";
import { startReconciler } from "./nats/reconciler.ts";

/** What the dispatcher's handlers need. */
export interface DispatcherDeps extends AsyncDisposable {
  readonly bus: Bus;
  readonly log: Log;
  readonly doorbell: Doorbell;
  readonly modes: QueueModes;
  readonly outbox: OutboxWorker;
  readonly newSession: () => string;
}

/** Builds the dispatcher: makes the streams first, then watches for unfinished turns. */
export async function createDispatcherDeps(config: DispatcherConfig, around: Surroundings): Promise<DispatcherDeps> {
  const provisioner =
    config.provisioner === undefined ? around.bus : await connectBus("provisioner", config.provisioner);
  const lead = holdLead({ ...around, owner: config.owner });
  const outbox = createOutboxWorker({ ...around, lead });
  lead.onTaken = () => outbox.wake();
  const reconciler = await startReconciler({
    bus: around.bus,
    provisioner,
    log: around.log,
    everyMs: config.reconcileMs,
    leads: () => lead.epoch() !== undefined,
    signal: around.signal,
  });
  const wake = setInterval(() => outbox.wake(), config.reconcileMs);
  const modes = createQueueModes(around.bus, around.log);
  // What was said meanwhile is lost: read the settings again.
  const forget = around.bus.connection.onReconnect(() => modes.forget());
  return {
    bus: around.bus,
    log: around.log,
    doorbell: createDoorbell(around),
    modes,
    outbox,
    newSession: () => `s_${randomUUID().replaceAll("-", "").slice(0, 20)}`,
    [Symbol.asyncDispose]: async () => {
      forget();
      clearInterval(wake);
      await Promise.all([reconciler.ended, outbox.ended(), lead.ended]);
      if (provisioner !== around.bus) await provisioner[Symbol.asyncDispose]();
    },
  };
}
