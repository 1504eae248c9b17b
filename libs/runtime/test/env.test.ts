import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ConfigError, parseEnv, port } from "../src/env.ts";
import { readProcessConfig } from "../src/config.ts";

const schema = z.object({
  SIZE: z.coerce.number().int().describe("How large it is."),
  MODE: z.enum(["fast", "slow"]).default("fast").describe("How it works."),
  PORT: port.optional().describe("Where it listens."),
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseEnv(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("a configuration", () => {
  it("is typed and frozen, with defaults for what is not set", () => {
    const config = parseEnv(schema, { SIZE: "3", OTHER: "ignored" });
    expect(config).toEqual({ SIZE: 3, MODE: "fast" });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("takes an empty value as not set", () => {
    expect(parseEnv(schema, { SIZE: "3", MODE: "", PORT: "" })).toEqual({ SIZE: 3, MODE: "fast" });
  });

  it("tells all its problems at once, each with the sentence of its key", () => {
    const problems = problemsOf({ SIZE: "big", MODE: "warp", PORT: "70000" });
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^SIZE: .+ How large it is\.$/);
    expect(problems[1]).toMatch(/^MODE: .+ How it works\.$/);
    expect(problems[2]).toMatch(/^PORT: .+ Where it listens\.$/);
  });

  it("misses what has no default", () => {
    expect(problemsOf({ SIZE: "" })).toEqual([expect.stringMatching(/^SIZE: .*How large it is\.$/)]);
  });

  it("of a process has defaults for all of it, and no health port unless one is set", () => {
    expect(readProcessConfig({})).toEqual({
      bus: { url: "nats://127.0.0.1:4222", user: undefined, password: undefined },
      logLevel: "info",
      health: undefined,
    });
    expect(readProcessConfig({ MATRIX_HEALTH_PORT: "0" }).health).toEqual({ host: "127.0.0.1", port: 0 });
    expect(() => readProcessConfig({ MATRIX_HEALTH_PORT: "x", MATRIX_LOG_LEVEL: "loud" })).toThrow(
      /MATRIX_LOG_LEVEL[^]*MATRIX_HEALTH_PORT/,
    );
  });
});
