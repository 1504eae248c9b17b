import type { Bus } from "@matrix-os/bus";
import { rejected } from "@matrix-os/contracts/errors";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import { type StoredMessage, noUsage } from "@matrix-os/contracts/turn/message";
import type { Prompt } from "@matrix-os/turn/run-turn";
import { toModelMessages } from "@matrix-os/turn/to-model-messages";
import { toTokens } from "@matrix-os/turn/token-estimate";
import type { TurnState } from "@matrix-os/turn/turn-state";
import { toDay } from "../budget/day.ts";
import type { Outstanding } from "../budget/outstanding.ts";
import { type Price, toCostUsd } from "../budget/price.ts";

/** What was reserved, and what earlier turns of the session have cost. */
export interface Reserved {
  readonly usd: number;
  readonly sessionUsd: number;
}

/** What a reservation looks at. */
export interface Reservation {
  readonly bus: Bus;
  readonly message: StoredMessage;
  readonly config: ConfigFile;
  readonly price: Price;
  /** Grows by what is reserved; the caller lets go of it when the call has ended. */
  readonly outstanding: Outstanding;
}

/**
 * Sees that the dearest outcome of the next call fits into what is left of the turn's, the session's and the day's money.
 * Answers what it reserved. Throws `budget-spent`, naming the budget. A free model is not counted.
 */
export async function reserve(prompt: Prompt, state: TurnState, from: Reservation): Promise<Reserved> {
  const { price, config } = from;
  if (price.inputPerMTok === 0 && price.outputPerMTok === 0) return { usd: 0, sessionUsd: 0 };
  const amount = toDearest(prompt, state, price);
  assertFits("turn", state.usage.costUsd + amount, config.budgets.turnUsd);
  const { outstanding } = from;
  const others = outstanding.usd;
  outstanding.usd += amount;
  try {
    const sessionUsd = await assertOthersFit({ ...from, others, amount, spentInTurn: state.usage.costUsd });
    return { usd: amount, sessionUsd };
  } catch (error) {
    outstanding.usd -= amount;
    throw error;
  }
}

interface Claim extends Reservation {
  readonly others: number;
  readonly amount: number;
  readonly spentInTurn: number;
}

async function assertOthersFit({ bus, message, config, others, amount, spentInTurn }: Claim): Promise<number> {
  const { budgets } = config;
  const [{ sessions }, { total }] = await Promise.all([
    bus.request(listSessionsRequest, { session: message.session, limit: 1 }),
    bus.request(recordUsageRequest, { day: toDay(new Date(), config.timezone), usage: noUsage }),
  ]);
  const sessionUsd = sessions[0]?.usage.costUsd ?? 0;
  assertFits("session", sessionUsd + spentInTurn + amount, budgets.sessionUsd);
  assertFits("day", total.costUsd + others + amount, budgets.dayUsd);
  return sessionUsd;
}

function toDearest(prompt: Prompt, state: TurnState, price: Price): number {
  const inputTokens = toTokens([prompt.system, prompt.tools, prompt.history, toModelMessages(state)]);
  const usage = { ...noUsage, inputTokens, outputTokens: prompt.maxOutputTokens };
  return toCostUsd(usage, price);
}

function assertFits(what: "turn" | "session" | "day", needed: number, budget: number): void {
  if (needed <= budget) return;
  throw rejected(
    "budget-spent",
    `the next step may cost more than is left of the ${what}'s $${budget} (needed: $${needed.toFixed(2)})`,
  );
}
