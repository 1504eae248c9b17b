import { describe, expect, test } from "vitest";
import { FLOOD_PER_SECOND, MAX_MESSAGES_PER_SECOND, createMeter, isWithin, judgeRate } from "./limits.ts";

describe("what an app may send", () => {
  test("a meter counts within a window of time and begins anew after it", () => {
    const meter = createMeter(1_000);
    expect([0, 10, 999].map((now) => meter.note(now))).toEqual([1, 2, 3]);
    expect(meter.note(1_000)).toBe(1);
  });

  test("many messages are refused, a flood is stopped", () => {
    expect(judgeRate(MAX_MESSAGES_PER_SECOND)).toBe("answer");
    expect(judgeRate(MAX_MESSAGES_PER_SECOND + 1)).toBe("refuse");
    expect(judgeRate(FLOOD_PER_SECOND + 1)).toBe("stop");
  });

  test("values are measured by what they would be as JSON", () => {
    expect(isWithin({ text: "x".repeat(90) }, 120)).toBe(true);
    expect(isWithin({ text: "x".repeat(200) }, 120)).toBe(false);
    expect(
      isWithin(
        Array.from({ length: 1_000 }, () => 0),
        120,
      ),
    ).toBe(false);
  });

  test("cycles, endless nesting and bytes are too large, and huge values are looked at only up to the limit", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(isWithin(cycle, 100_000)).toBe(false);
    expect(isWithin(new Uint8Array(1), 100_000)).toBe(false);
    const huge = Array.from({ length: 2_000_000 }, () => "xxxxxxxxxx");
    const start = performance.now();
    expect(isWithin(huge, 200_000)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
