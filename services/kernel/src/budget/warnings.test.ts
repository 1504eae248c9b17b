import { expect, test } from "vitest";
import { toWarnings } from "./warnings.ts";

test("each budget warns once, with the call that takes it over four fifths", () => {
  let spent = 0;
  const warned: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    const scopes = [
      { name: "turn", spentUsd: spent, budgetUsd: 1 },
      { name: "session", spentUsd: spent + 1, budgetUsd: 2 },
      { name: "day", spentUsd: spent, budgetUsd: 100 },
    ] as const;
    warned.push(...toWarnings(scopes, 0.25).map(({ message }) => `${step}: ${message}`));
    spent += 0.25;
  }
  expect(warned).toEqual(["2: $1.75 of the session's $2 are spent", "3: $1.00 of the turn's $1 are spent"]);
});
