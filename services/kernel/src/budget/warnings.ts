import type { Notice } from "@matrix-os/turn/model";

/** The share of a budget at which the owner is warned. */
const WARN_AT = 0.8;

/** A budget and what of it was spent before a call. */
export interface Scope {
  readonly name: "turn" | "session" | "day";
  readonly spentUsd: number;
  readonly budgetUsd: number;
}

/** The warnings of a call: a budget warns once, when the call takes it over four fifths. */
export function toWarnings(scopes: readonly Scope[], costUsd: number): Notice[] {
  return scopes
    .filter(({ spentUsd, budgetUsd }) => {
      const mark = budgetUsd * WARN_AT;
      return spentUsd < mark && spentUsd + costUsd >= mark;
    })
    .map(({ name, spentUsd, budgetUsd }) => ({
      code: "budget-warning",
      message: `$${(spentUsd + costUsd).toFixed(2)} of the ${name}'s $${budgetUsd} are spent`,
    }));
}
