import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import type { Prompt, TurnDeps } from "@matrix-os/turn/run-turn";
import type { TurnState } from "@matrix-os/turn/turn-state";
import { toDearer, toPrice } from "../budget/price.ts";
import type { KernelDeps } from "../deps.ts";
import { type Hold, createPaidModel } from "../nats/paid-model.ts";
import { reserve } from "../nats/reserve.ts";
import { readPrompt } from "./read-prompt.ts";

const MS_PER_MINUTE = 60_000;

/** What a turn runs with: the owner's settings as they are now, the prompt, the money. */
export async function toTurnDeps(
  message: StoredMessage,
  deps: KernelDeps,
  signals: Pick<TurnDeps, "stop" | "letGo">,
): Promise<TurnDeps> {
  const { bus, log, outstanding } = deps;
  const home = await deps.home.read();
  const { config } = home;
  const modelName = await deps.choice.name(config).catch(() => "unknown");
  const priceOf = (model: string) => toPrice(model, config, deps.config.access.provider);
  const price = toDearer(priceOf(modelName), priceOf(deps.config.fallbackModel ?? modelName));
  const hold: Hold = { usd: 0, turnUsd: 0, sessionUsd: 0 };
  const model = createPaidModel(deps.model, { bus, log, config, outstanding, hold, toPrice: priceOf });
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
    limits: {
      steps: budgets.steps,
      toolCalls: budgets.toolCalls,
      durationMs: budgets.minutes * MS_PER_MINUTE,
      costUsd: budgets.turnUsd,
      modelAttempts: deps.config.modelAttempts,
    },
    readPrompt: () => readPrompt(message, { ...deps, home, modelName, model, reserve: reserveCall, signal }),
    reserve: reserveCall,
  };
}
