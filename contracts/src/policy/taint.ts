import { z } from "zod";

/**
 * Where something that the model reads comes from. What the owner said or wrote carries no label; every label marks words of
 * somebody else, which may be an instruction to nobody.
 * `paired`: what holds a token of the owner's, or is paired with them, without being them.
 */
export const taint = z.enum(["paired", "group", "web", "file", "mcp", "app", "peer", "voice"]);

/** All labels of something, each once. */
export const taints = z.array(taint).max(8);

/** Where something comes from. */
export type Taint = z.infer<typeof taint>;

/** The union of labels, sorted, so that equal sets are equal lists. */
export function joinTaints(...sets: readonly (readonly Taint[] | undefined)[]): Taint[] {
  return [...new Set(sets.flatMap((set) => set ?? []))].toSorted();
}
