import { randomInt } from "node:crypto";

/** Numbers that one seed decides: the same seed plays the same schedule again. */
export interface Random {
  /** From 0 up to, not including, this. */
  readonly below: (limit: number) => number;
  readonly between: (least: number, most: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** So many of them, each at most once. */
  readonly sample: <Item>(items: readonly Item[], count: number) => Item[];
}

/** The seed of this run: `SEED` of the environment, else a new one. */
export function readSeed(): number {
  return Number(process.env["SEED"] ?? randomInt(1, 1_000_000));
}

/** A generator (mulberry32) for a seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    sample: (items, count) => {
      const left = [...items];
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)).flat();
    },
  };
}
