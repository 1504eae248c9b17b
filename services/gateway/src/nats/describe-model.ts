import type { Bus } from "@matrix-os/bus";
import type { Status } from "@matrix-os/contracts/api/status";
import { describeRequest } from "@matrix-os/contracts/kernel/describe.request";

const ANSWER_WITHIN_MS = 1_000;

/** Which model answers. */
export type ModelDescription = Pick<Status, "model" | "provider" | "problems" | "spentTodayUsd" | "dayBudgetUsd">;

/** What the kernel says about its model; `unknown` when it does not answer in a second. */
export async function describeModel(bus: Bus): Promise<ModelDescription> {
  return bus
    .request(describeRequest, {}, { timeoutMs: ANSWER_WITHIN_MS })
    .catch(() => ({ model: "unknown", provider: "unknown" as const, problems: [], spentTodayUsd: 0, dayBudgetUsd: 0 }));
}
