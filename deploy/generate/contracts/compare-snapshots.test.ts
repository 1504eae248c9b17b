import { defineRequest } from "@matrix-os/contracts/define";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { compareSnapshots } from "./compare-snapshots.ts";
import { toSnapshot } from "./to-snapshot.ts";

const request = z.object({
  path: z.string(),
  mode: z.enum(["fast", "slow"]).optional(),
  limit: z.number().int().max(100).optional(),
  from: z.object({ actor: z.string() }),
  tags: z.array(z.string().max(20)).optional(),
  at: z.union([z.literal("now"), z.object({ seq: z.number() })]).optional(),
});
const reply = z.object({ seq: z.number().int(), note: z.string().optional() });

function changesTo(after: { request?: z.ZodType; reply?: z.ZodType }): string[] {
  const changes = compareSnapshots(
    [snapshotOf(request, reply)],
    [snapshotOf(after.request ?? request, after.reply ?? reply)],
  );
  return changes.map(({ path, problem }) => `${path}: ${problem}`);
}

function snapshotOf(request: z.ZodType, reply: z.ZodType) {
  const contract = defineRequest({
    id: "test.request.try",
    summary: "",
    request,
    reply,
    example: { request: {}, reply: {} },
  });
  return toSnapshot(contract as never);
}

describe("a change is additive when", () => {
  test("nothing changed", () => {
    expect(changesTo({})).toEqual([]);
  });

  test("a property is added that may be left out", () => {
    const more = { flag: z.boolean().optional(), page: z.number().default(1) };
    expect(changesTo({ request: request.extend(more), reply: reply.extend(more) })).toEqual([]);
  });

  test("more is allowed than before", () => {
    const wider = request.extend({
      mode: z.enum(["fast", "slow", "slowest"]).optional(),
      limit: z.number().max(500).optional(),
      path: z.string().nullable(),
      at: z.union([z.literal("now"), z.object({ seq: z.number() }), z.string()]).optional(),
    });
    expect(changesTo({ request: wider })).toEqual([]);
  });

  test("a request asks for less, or a reply promises more", () => {
    expect(changesTo({ request: request.partial(), reply: reply.extend({ seq: z.number() }) })).toEqual([]);
  });
});

describe("a change is breaking, and says where, when", () => {
  const cases: Record<string, [after: { request?: z.ZodType; reply?: z.ZodType }, told: string]> = {
    "a property is removed": [{ request: request.omit({ mode: true }) }, "test.request.try request.mode: removed"],
    "a nested property is removed": [
      { request: request.extend({ from: z.object({}) }) },
      "test.request.try request.from.actor: removed",
    ],
    "a new property must be there": [
      { request: request.extend({ owner: z.string() }) },
      "test.request.try request.owner: newly required",
    ],
    "an optional property becomes required": [
      { request: request.extend({ mode: z.enum(["fast", "slow"]) }) },
      "test.request.try request.mode: newly required",
    ],
    "a value of an enum goes": [
      { request: request.extend({ mode: z.enum(["fast"]).optional() }) },
      'test.request.try request.mode: not allowed any more: "slow"',
    ],
    "a string becomes an enum": [
      { request: request.extend({ path: z.enum(["a"]) }) },
      "test.request.try request.path: narrowed to fixed values",
    ],
    "a type changes": [
      { request: request.extend({ path: z.number() }) },
      "test.request.try request.path: the type string is not allowed any more",
    ],
    "a number must be whole": [
      { reply: reply.extend({ seq: z.string() }) },
      "test.request.try reply.seq: the type integer is not allowed any more",
    ],
    "a bound is tighter": [
      { request: request.extend({ tags: z.array(z.string().max(10)).optional() }) },
      "test.request.try request.tags[]: maxLength is tighter: 10",
    ],
    "a pattern is new": [
      { request: request.extend({ path: z.string().regex(/^a/) }) },
      "test.request.try request.path: another pattern",
    ],
    "an alternative goes": [
      { request: request.extend({ at: z.union([z.literal("now"), z.object({ at: z.number() })]).optional() }) },
      "test.request.try request.at: alternative 2 is gone or narrower",
    ],
    "unknown keys are refused": [
      { request: z.strictObject(request.shape) },
      "test.request.try request.*: unknown keys are refused now",
    ],
    "a reply does not promise a property any more": [
      { reply: reply.partial() },
      "test.request.try reply.seq: not promised any more",
    ],
  };

  test.each(Object.entries(cases))("%s", (_, [after, told]) => {
    expect(changesTo(after)).toContain(told);
  });

  test("a message goes, or moves to another subject", () => {
    const before = snapshotOf(request, reply);
    expect(compareSnapshots([before], [])).toEqual([{ path: "test.request.try", problem: "the message is gone" }]);
    const moved = { ...before, subject: "mx.other" };
    expect(compareSnapshots([before], [moved])[0]?.problem).toBe("another subject: mx.other");
  });
});
