import type { Bus } from "@matrix-os/bus";
import { rejected } from "@matrix-os/contracts/errors";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import { type StoredMessage, noUsage } from "@matrix-os/contracts/turn/message";
import type { Prompt } from "@matrix-os/turn/run-turn";
import { toModelMessages } from "@matrix-os/turn/to-model-messages";
import type { TurnState } from "@matrix-os/turn/turn-state";
import { toDay } from "../budget/day.ts";
import { type Price, toCostUsd } from "../budget/price.ts";

const CHARS_PER_TOKEN = 3;

/** What a reservation looks at. */
export interface Reservation {
  readonly bus: Bus;
  readonly message: StoredMessage;
  readonly config: ConfigFile;
  readonly price: Price;
}

/**
 * Sees that the dearest outcome of the next call fits into what is left of the turn's, the session's and the day's money.
 * Answers that amount. Throws `budget-spent`, naming the budget. A free model is not counted.
 */
export async function reserve(prompt: Prompt, state: TurnState, from: Reservation): Promise<number> {
  const { price, config, bus, message } = from;
  if (price.inputPerMTok === 0 && price.outputPerMTok === 0) return 0;
  const amount = toDearest(prompt, state, price);
  const { budgets } = config;
  assertFits("turn", state.usage.costUsd + amount, budgets.turnUsd);
  const [{ sessions }, { total }] = await Promise.all([
    bus.request(listSessionsRequest, { session: message.session, limit: 1 }),
    bus.request(recordUsageRequest, { day: toDay(new Date(), config.timezone), usage: noUsage }),
  ]);
  assertFits("session", (sessions[0]?.usage.costUsd ?? 0) + state.usage.costUsd + amount, budgets.sessionUsd);
  assertFits("day", total.costUsd + amount, budgets.dayUsd);
  return amount;
}

function toDearest(prompt: Prompt, state: TurnState, price: Price): number {
  const chars = JSON.stringify([prompt.system, prompt.tools, prompt.history, toModelMessages(state)]).length;
  const usage = { ...noUsage, inputTokens: chars / CHARS_PER_TOKEN, outputTokens: prompt.maxOutputTokens };
  return toCostUsd(usage, price);
}

function assertFits(what: "turn" | "session" | "day", needed: number, budget: number): void {
  if (needed <= budget) return;
  throw rejected(
    "budget-spent",
    `the next step may cost more than is left of the ${what}'s $${budget} (needed: $${needed.toFixed(2)})`,
  );
}
