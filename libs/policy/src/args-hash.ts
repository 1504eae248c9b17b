import { createHash } from "node:crypto";
import type { Taint } from "@matrix-os/contracts/policy/taint";

/** What an approval is bound to. */
export interface Bound {
  readonly tool: string;
  readonly args: unknown;
  readonly target: string;
  readonly taint: readonly Taint[];
}

/** SHA-256 over all of it; the order of keys does not count, everything else does. */
export function toArgsHash({ tool, args, target, taint }: Bound): string {
  const text = JSON.stringify([tool, toCanonical(args), target, [...new Set(taint)].toSorted()]);
  return createHash("sha256").update(text).digest("hex");
}

function toCanonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCanonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, inner]) => [name, toCanonical(inner)]);
}
