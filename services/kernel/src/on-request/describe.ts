import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import type { describeRequest } from "@matrix-os/contracts/kernel/describe.request";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { z } from "zod";
import { toDay } from "../budget/day.ts";
import type { KernelDeps } from "../deps.ts";

/** Which model answers, what the day has cost, and what the owner should repair. */
export async function describe(_request: object, deps: KernelDeps): Promise<z.infer<typeof describeRequest.reply>> {
  const [{ config, problems }, vault] = await Promise.all([deps.home.read(), deps.vault.read()]);
  const { access } = deps.model.now();
  const day = toDay(new Date(), config.timezone);
  const { total } = await deps.bus.request(recordUsageRequest, { day, usage: noUsage });
  const model = await deps.choice.name(access, config).catch(() => undefined);
  return {
    model: model ?? "unknown",
    provider: access.provider,
    problems: [
      ...problems,
      ...(vault.problem === undefined ? [] : [vault.problem]),
      ...toModelProblems(model, deps.model.now().client.problem()),
    ],
    spentTodayUsd: total.costUsd,
    dayBudgetUsd: config.budgets.dayUsd,
  };
}

function toModelProblems(model: string | undefined, limit: string | undefined): string[] {
  return [
    ...(model === undefined ? ["The model's server can't be reached."] : []),
    ...(limit === undefined ? [] : [limit]),
  ];
}
