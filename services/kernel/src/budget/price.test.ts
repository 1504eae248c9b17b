import { configFile } from "@matrix-os/contracts/home/config-file";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { describe, expect, test } from "vitest";
import { toCostUsd, toPrice } from "./price.ts";

const plain = configFile.parse({});

describe("what a model's tokens cost", () => {
  test("the owner's own figure goes before everything else", () => {
    const own = configFile.parse({ prices: { "my-model": { inputPerMTok: 2, outputPerMTok: 4 } } });
    expect(toPrice("my-model", own, "custom")).toEqual({ inputPerMTok: 2, outputPerMTok: 4 });
  });

  test("a server of the owner's and the rehearsal cost nothing", () => {
    expect(toPrice("anything", plain, "custom").outputPerMTok).toBe(0);
    expect(toPrice("rehearsal-1", plain, "rehearsal").inputPerMTok).toBe(0);
  });

  test("an unknown hosted model counts as the dearest", () => {
    const unknown = toPrice("claude-next", plain, "anthropic");
    expect(unknown.outputPerMTok).toBeGreaterThan(toPrice("claude-opus-5-5", plain, "anthropic").outputPerMTok);
    expect(toPrice("claude-haiku-5-5", plain, "anthropic").outputPerMTok).toBeLessThan(unknown.outputPerMTok);
  });

  test("cached input is cheaper to read and dearer to write than plain input", () => {
    const price = { inputPerMTok: 10, outputPerMTok: 50 };
    const million = 1_000_000;
    expect(toCostUsd({ ...noUsage, inputTokens: million }, price)).toBeCloseTo(10);
    expect(toCostUsd({ ...noUsage, cacheReadTokens: million }, price)).toBeCloseTo(1);
    expect(toCostUsd({ ...noUsage, cacheWriteTokens: million }, price)).toBeCloseTo(12.5);
    expect(toCostUsd({ ...noUsage, outputTokens: million }, price)).toBeCloseTo(50);
  });
});
