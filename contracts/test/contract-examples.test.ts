import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { allContracts } from "../src/all.ts";

const MAX_BODY_BYTES = 262_144;

interface Part {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}

const parts = allContracts.flatMap((contract): Part[] => {
  if (contract.kind === "stream") return [];
  if (contract.kind !== "request") return [{ name: contract.id, schema: contract.body, example: contract.example }];
  return [
    { name: `${contract.id} request`, schema: contract.request, example: contract.example.request },
    { name: `${contract.id} reply`, schema: contract.reply, example: contract.example.reply },
  ];
});

describe("each contract's example", () => {
  test("is there", () => {
    expect(parts.length).toBeGreaterThanOrEqual(60);
  });

  test.each(parts)("$name fits its own schema, also after a trip as JSON", ({ schema, example }) => {
    const arrived: unknown = JSON.parse(JSON.stringify(example));
    const parsed = schema.safeParse(arrived);
    expect(parsed.error?.issues ?? []).toEqual([]);
    expect(parsed.data).toEqual(arrived);
  });

  test.each(parts)("$name is small", ({ example }) => {
    expect(JSON.stringify(example).length).toBeLessThan(MAX_BODY_BYTES / 64);
  });

  test.each(parts)("$name: unknown keys of a newer sender are let through", ({ schema, example }) => {
    expect(schema.safeParse({ ...(example as object), addedLater: true }).success).toBe(true);
  });

  test.each(parts)("$name: what is no object is refused", ({ schema }) => {
    for (const wrong of [null, "text", 1, []]) expect(schema.safeParse(wrong).success).toBe(false);
  });
});

test("every contract says in a few words what it is for", () => {
  for (const { id, summary } of allContracts) expect(summary.length, id).toBeGreaterThan(8);
});

test("every request has a deadline that a person would still wait for", () => {
  const requests = allContracts.filter((contract) => contract.kind === "request");
  expect(requests.length).toBeGreaterThanOrEqual(25);
  for (const { id, timeoutMs } of requests) {
    expect(timeoutMs, id).toBeGreaterThanOrEqual(1_000);
    // A command is waited for; the broker lets a reply through for five minutes.
    expect(timeoutMs, id).toBeLessThanOrEqual(id === "tools.request.run-command" ? 300_000 : 120_000);
  }
});
