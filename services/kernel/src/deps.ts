import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { Surroundings } from "@matrix-os/runtime/service";
import type { KernelConfig } from "./config.ts";
import { createAnthropicModel } from "./model/anthropic-model.ts";
import { type GuardedModel, createGuardedModel } from "./model/guarded-model.ts";
import { type ModelChoice, createModelChoice } from "./model/model-choice.ts";
import { type HomeReader, createHomeReader } from "./nats/home-reader.ts";
import type { Outstanding } from "./budget/outstanding.ts";
import { type SessionHistory, createSessionHistory } from "./nats/session-history.ts";

/** What the kernel's handlers need. */
export interface KernelDeps extends AsyncDisposable {
  readonly bus: Bus;
  readonly log: Log;
  readonly config: KernelConfig;
  readonly slots: number;
  readonly model: GuardedModel;
  readonly choice: ModelChoice;
  readonly home: HomeReader;
  readonly history: SessionHistory;
  /** Turns under way in this process, by session; aborting one stops it. At most `slots`. */
  readonly running: Map<string, { readonly turn: string; readonly stop: AbortController }>;
  /** Money of the calls under way in this process. */
  readonly outstanding: Outstanding;
}

/** Builds the kernel. */
export async function createKernelDeps(config: KernelConfig, around: Surroundings): Promise<KernelDeps> {
  const home = createHomeReader(around.bus, around.log);
  const forget = around.bus.connection.onReconnect(() => home.forget());
  return {
    bus: around.bus,
    log: around.log,
    config,
    slots: config.slots,
    model: createGuardedModel(createAnthropicModel(config.access, config.silenceMs), {
      log: around.log,
      now: () => performance.now(),
    }),
    choice: createModelChoice(config),
    home,
    history: createSessionHistory(around.bus),
    running: new Map(),
    outstanding: { usd: 0 },
    [Symbol.asyncDispose]: async () => forget(),
  };
}
