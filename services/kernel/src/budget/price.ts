import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import type { Usage } from "@matrix-os/contracts/turn/message";
import type { ModelAccess } from "../config.ts";

/** US dollars per million tokens. */
export interface Price {
  readonly inputPerMTok: number;
  readonly outputPerMTok: number;
}

/** List prices by family, for models whose price the owner has not set; an unknown hosted model counts as the dearest. */
const families: readonly (readonly [string, Price])[] = [
  ["haiku", { inputPerMTok: 1, outputPerMTok: 5 }],
  ["sonnet", { inputPerMTok: 3, outputPerMTok: 15 }],
  ["opus", { inputPerMTok: 5, outputPerMTok: 25 }],
  ["", { inputPerMTok: 15, outputPerMTok: 75 }],
];
const free: Price = { inputPerMTok: 0, outputPerMTok: 0 };
const CACHE_READ_FACTOR = 0.1;
const CACHE_WRITE_FACTOR = 1.25;

/** What a model's tokens cost: the owner's own figure first; a server of the owner's and the rehearsal cost nothing. */
export function toPrice(model: string, config: ConfigFile, provider: ModelAccess["provider"]): Price {
  const own = config.prices[model];
  if (own !== undefined) return own;
  if (provider !== "anthropic") return free;
  return families.find(([family]) => model.includes(family))?.[1] ?? free;
}

/** The greater of two prices, part by part: what to reserve where either model may answer. */
export function toDearer(a: Price, b: Price): Price {
  return {
    inputPerMTok: Math.max(a.inputPerMTok, b.inputPerMTok),
    outputPerMTok: Math.max(a.outputPerMTok, b.outputPerMTok),
  };
}

/** The money of a usage. */
export function toCostUsd(usage: Omit<Usage, "costUsd">, price: Price): number {
  const input =
    usage.inputTokens + usage.cacheReadTokens * CACHE_READ_FACTOR + usage.cacheWriteTokens * CACHE_WRITE_FACTOR;
  return (input * price.inputPerMTok + usage.outputTokens * price.outputPerMTok) / 1_000_000;
}
