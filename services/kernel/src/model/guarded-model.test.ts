import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { ModelCall, ModelRequest } from "@matrix-os/turn/model";
import { describe, expect, test } from "vitest";
import { OPEN_AFTER_FAILURES } from "./circuit-breaker.ts";
import { type GuardedModel, createGuardedModel } from "./guarded-model.ts";

const call: ModelCall = { signal: new AbortController().signal, onText: () => undefined };
const request: ModelRequest = { model: "first", system: [], tools: [], messages: [], maxOutputTokens: 1 };
const down = () => unavailable("model-unreachable", "down");

/** A guarded model of which those named here fail. */
function guard(failing: Map<string, () => Error>): { model: GuardedModel; asked: string[]; clock: { now: number } } {
  const asked: string[] = [];
  const clock = { now: 0 };
  const client = {
    ask: async ({ model }: ModelRequest) => {
      asked.push(model);
      const failure = failing.get(model);
      if (failure !== undefined) throw failure();
      return { content: [], stopReason: "end_turn", usage: noUsage, model, requestId: undefined };
    },
  };
  return { asked, clock, model: createGuardedModel(client, { log: { warn: () => undefined }, now: () => clock.now }) };
}

async function failOften(model: GuardedModel, times: number): Promise<void> {
  for (let failure = 0; failure < times; failure += 1) await model.ask(request, call).catch(() => undefined);
}

describe("a guarded model", () => {
  test("that fails again and again is left alone, and says when it is asked again", async () => {
    const { model, asked, clock } = guard(new Map([["first", down]]));
    await failOften(model, OPEN_AFTER_FAILURES + 3);
    expect(asked).toHaveLength(OPEN_AFTER_FAILURES);
    await expect(model.ask(request, call)).rejects.toMatchObject({ code: "model-unreachable", retryAfterMs: 10_000 });
    clock.now = 10_000;
    await failOften(model, 1);
    expect(asked).toHaveLength(OPEN_AFTER_FAILURES + 1);
  });

  test("is replaced by its fallback meanwhile, and says who was asked", async () => {
    const { model, asked } = guard(new Map([["first", down]]));
    await failOften(model, OPEN_AFTER_FAILURES);
    await expect(model.ask({ ...request, fallbackModel: "second" }, call)).resolves.toMatchObject({ asked: "second" });
    expect(asked.at(-1)).toBe("second");
  });

  test.each([
    ["refuses", () => rejected("model-refused", "no")],
    ["names a time", () => unavailable("model-overloaded", "later", { retryAfterMs: 5 })],
  ])("that %s works, and is asked on", async (_what, failure) => {
    const { model, asked } = guard(new Map([["first", failure]]));
    await failOften(model, OPEN_AFTER_FAILURES + 3);
    expect(asked).toHaveLength(OPEN_AFTER_FAILURES + 3);
  });

  test("tells the owner of a limit until a call succeeds", async () => {
    const failing = new Map([["first", () => rejected("model-limit", "the month's credit is spent")]]);
    const { model } = guard(failing);
    await failOften(model, 1);
    expect(model.problem()).toContain("the month's credit is spent");
    failing.clear();
    await model.ask(request, call);
    expect(model.problem()).toBeUndefined();
  });
});
