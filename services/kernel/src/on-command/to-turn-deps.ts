import { readJoiningRequest } from "@matrix-os/contracts/dispatcher/read-joining.request";
import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import type { ModelClient } from "@matrix-os/turn/model";
import type { Prompt, TurnDeps } from "@matrix-os/turn/run-turn";
import type { TurnState } from "@matrix-os/turn/turn-state";
import { toDearer, toPrice } from "../budget/price.ts";
import type { KernelDeps } from "../deps.ts";
import type { ModelLine } from "../model/model-source.ts";
import { type Hold, createPaidModel } from "../nats/paid-model.ts";
import { reserve } from "../nats/reserve.ts";
import { readPrompt } from "./read-prompt.ts";

const MS_PER_MINUTE = 60_000;
const RETRY_FOR_MS = 20_000;

/** What a turn runs with: the owner's settings as they are now, the prompt, the money. */
export async function toTurnDeps(
  message: StoredMessage,
  deps: KernelDeps,
  signals: Pick<TurnDeps, "stop" | "letGo">,
): Promise<TurnDeps> {
  const { bus, log, outstanding } = deps;
  const [home] = await Promise.all([deps.home.read(), deps.vault.read()]);
  const { config } = home;
  const line = deps.model.now();
  const modelName = await deps.choice.name(line.access, config).catch(() => "unknown");
  const priceOf = (model: string) => toPrice(model, config, line.access.provider);
  const price = toDearer(priceOf(modelName), priceOf(deps.config.fallbackModel ?? modelName));
  const hold: Hold = { usd: 0, turnUsd: 0, sessionUsd: 0 };
  const model = createPaidModel(toNewest(line, deps), { bus, log, config, outstanding, hold, toPrice: priceOf });
  const reserveCall = async (prompt: Prompt, state: TurnState) => {
    const reserved = await reserve(prompt, state, { bus, message, config, price, outstanding });
    Object.assign(hold, reserved, { turnUsd: state.usage.costUsd });
    return reserved.usd;
  };
  const signal = AbortSignal.any([signals.stop, signals.letGo]);
  const { budgets } = config;
  return {
    ...signals,
    bus,
    owner: deps.config.owner,
    model,
    redact: deps.redactor,
    limits: {
      steps: budgets.steps,
      toolCalls: budgets.toolCalls,
      durationMs: budgets.minutes * MS_PER_MINUTE,
      costUsd: budgets.turnUsd,
      modelAttempts: deps.config.modelAttempts,
    },
    readJoining: (state) => readJoining(message, state, deps),
    readPrompt: () => readPrompt(message, { ...deps, home, modelName, model, reserve: reserveCall, signal }),
    reserve: reserveCall,
    readRules: async () => (await deps.home.read()).rules,
  };
}

/** Asks only when something may wait, so that a plain turn pays nothing for it. */
async function readJoining(message: StoredMessage, state: TurnState, deps: KernelDeps): Promise<StoredMessage[]> {
  const worked = deps.worked.get(message.session);
  if (worked === undefined || !worked.othersMayJoin) return [];
  worked.othersMayJoin = false;
  const joined = state.joined.map(({ input }) => input.key);
  const { session, key: turn } = message;
  const asked = { session, turn, joined, hasBegun: state.steps.length > 0 };
  const { messages } = await deps.bus.request(readJoiningRequest, asked, { retryForMs: RETRY_FOR_MS });
  return messages;
}

/** A turn stays with the server that it began with, but a key that was rotated meanwhile counts at once. */
function toNewest(line: ModelLine, deps: KernelDeps): ModelClient {
  return {
    ask: (request, call) => {
      const now = deps.model.now();
      const { client } = now.access.provider === line.access.provider ? now : line;
      return client.ask(request, call);
    },
  };
}
