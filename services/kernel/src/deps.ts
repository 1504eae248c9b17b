import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { Surroundings } from "@matrix-os/runtime/service";
import type { Redactor } from "@matrix-os/redaction/redactor";
import type { KernelConfig, ModelAccess } from "./config.ts";
import { createAnthropicModel } from "./model/anthropic-model.ts";
import { type GuardedModel, createGuardedModel } from "./model/guarded-model.ts";
import { type ModelChoice, createModelChoice } from "./model/model-choice.ts";
import { type ModelSource, createModelSource } from "./model/model-source.ts";
import { type HomeReader, createHomeReader } from "./nats/home-reader.ts";
import type { Outstanding } from "./budget/outstanding.ts";
import { type SessionHistory, createSessionHistory } from "./nats/session-history.ts";
import { type VaultReader, type VaultView, createVaultReader } from "./nats/vault-reader.ts";
import { tellModelChanged } from "./nats/tell-model-changed.ts";

/** What the kernel's handlers need. */
export interface KernelDeps extends AsyncDisposable {
  readonly bus: Bus;
  readonly log: Log;
  readonly config: KernelConfig;
  readonly slots: number;
  readonly model: ModelSource;
  readonly vault: VaultReader;
  readonly redactor: Redactor;
  readonly choice: ModelChoice;
  readonly home: HomeReader;
  readonly history: SessionHistory;
  /** Turns under way in this process, by session; aborting one stops it. At most `slots`. */
  readonly running: Map<string, { readonly turn: string; readonly stop: AbortController }>;
  /** Sessions that this process works on; whether messages may wait to join the running turn. At most `slots`. */
  readonly worked: Map<string, { othersMayJoin: boolean }>;
  /** Money of the calls under way in this process. */
  readonly outstanding: Outstanding;
}

/** Builds the kernel. */
export async function createKernelDeps(config: KernelConfig, around: Surroundings): Promise<KernelDeps> {
  const { bus, log, redactor } = around;
  const home = createHomeReader(bus, log);
  const choice = createModelChoice(config);
  const open = (access: ModelAccess): GuardedModel => {
    const client = createAnthropicModel(access, { silenceMs: config.silenceMs, redact: redactor.text });
    return createGuardedModel(client, { log, now: () => performance.now() });
  };
  const model = createModelSource(config.server, open);
  const vault = createVaultReader(bus, log, (view: VaultView) => {
    if (view.fingerprints !== undefined) redactor.recognise(view.fingerprints);
    if (model.use(view.modelKey)) tellModelChanged({ bus, log, choice, home, access: model.now().access });
  });
  const worked: KernelDeps["worked"] = new Map();
  // What was said meanwhile is lost: look again.
  const forget = bus.connection.onReconnect(() => {
    home.forget();
    vault.forget();
    for (const session of worked.values()) session.othersMayJoin = true;
  });
  return {
    bus,
    log,
    config,
    slots: config.slots,
    model,
    vault,
    redactor,
    choice,
    home,
    history: createSessionHistory(bus),
    running: new Map(),
    worked,
    outstanding: { usd: 0 },
    [Symbol.asyncDispose]: async () => forget(),
  };
}
