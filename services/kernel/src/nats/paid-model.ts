import type { Bus } from "@matrix-os/bus";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import type { Usage } from "@matrix-os/contracts/turn/message";
import type { Log } from "@matrix-os/runtime/log";
import type { ModelCall, ModelClient } from "@matrix-os/turn/model";
import { toDay } from "../budget/day.ts";
import type { Outstanding } from "../budget/outstanding.ts";
import { type Price, toCostUsd } from "../budget/price.ts";
import { toWarnings } from "../budget/warnings.ts";

const RETRY_FOR_MS = 20_000;

/** What the call under way of one turn has reserved, and what had been spent before it. */
export interface Hold {
  usd: number;
  turnUsd: number;
  sessionUsd: number;
}

/** What paying needs. */
export interface Payment {
  readonly bus: Bus;
  readonly log: Log;
  readonly config: ConfigFile;
  readonly outstanding: Outstanding;
  readonly hold: Hold;
  readonly toPrice: (model: string) => Price;
}

/** Puts the money on each answer and on what a broken call used, adds it to the day, warns, and lets go of what was reserved. */
export function createPaidModel(model: ModelClient, payment: Payment): ModelClient {
  return {
    ask: async (request, call) => {
      const { hold, outstanding } = payment;
      let broken: Usage | undefined;
      try {
        const answer = await model.ask(request, { ...call, onUsage: (usage) => (broken = usage) });
        return {
          ...answer,
          usage: await pay(payment, { usage: answer.usage, model: answer.asked ?? request.model, call }),
        };
      } catch (thrown) {
        if (broken !== undefined) call.onUsage?.(await pay(payment, { usage: broken, model: request.model, call }));
        throw thrown;
      } finally {
        outstanding.usd -= hold.usd;
        hold.usd = 0;
      }
    },
  };
}

interface Bill {
  readonly usage: Usage;
  readonly model: string;
  readonly call: ModelCall;
}

async function pay(payment: Payment, { usage, model, call }: Bill): Promise<Usage> {
  const paid = { ...usage, costUsd: toCostUsd(usage, payment.toPrice(model)) };
  if (paid.costUsd > 0) warn(payment, { paid, call, dayUsd: await addToDay(payment, paid) });
  return paid;
}

function warn(
  { config, hold, log }: Payment,
  { paid, call, dayUsd }: { readonly paid: Usage; readonly call: ModelCall; readonly dayUsd: number },
): void {
  const { budgets } = config;
  const { costUsd } = paid;
  const warnings = toWarnings(
    [
      { name: "turn", spentUsd: hold.turnUsd, budgetUsd: budgets.turnUsd },
      { name: "session", spentUsd: hold.sessionUsd + hold.turnUsd, budgetUsd: budgets.sessionUsd },
      { name: "day", spentUsd: dayUsd - costUsd, budgetUsd: budgets.dayUsd },
    ],
    costUsd,
  );
  for (const warning of warnings) {
    log.warn(warning, "a budget is nearly spent");
    call.onNotice?.(warning);
  }
}

/** The day's sum with this call. The answer is paid for by now: a sum that can't be written must not throw it away. */
async function addToDay({ bus, log, config }: Payment, usage: Usage): Promise<number> {
  const day = toDay(new Date(), config.timezone);
  try {
    return (await bus.request(recordUsageRequest, { day, usage }, { retryForMs: RETRY_FOR_MS })).total.costUsd;
  } catch (error) {
    log.error({ err: error, day, costUsd: usage.costUsd }, "the day's sum misses a call");
    return usage.costUsd;
  }
}
