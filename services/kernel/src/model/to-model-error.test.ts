import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { toModelError as toModelErrorBy } from "./to-model-error.ts";

const toModelError = (thrown: unknown) => toModelErrorBy(thrown, (text) => text.replaceAll("the-key", "[secret]"));

function apiError(status: number | undefined, type: string, headers: Record<string, string> = {}): APIError {
  return APIError.generate(
    status,
    { type: "error", error: { type, message: `it says ${type}` } },
    undefined,
    new Headers(headers),
  );
}

describe("a failure of the model's server", () => {
  test.each([
    ["no connection", new APIConnectionError({ message: "refused" }), "unavailable/model-unreachable"],
    ["a stream that broke off", new Error("unexpected end"), "unavailable/model-unreachable"],
    ["529", apiError(529, "overloaded_error"), "unavailable/model-overloaded"],
    ["500", apiError(500, "api_error"), "unavailable/model-overloaded"],
    ["401", apiError(401, "authentication_error"), "rejected/model-refused"],
    ["400", apiError(400, "invalid_request_error"), "rejected/model-refused"],
  ])("%s is told by kind and code", (_name, thrown, expected) => {
    const { kind, code } = toModelError(thrown);
    expect(`${kind}/${code}`).toBe(expected);
  });

  test("a rate limit with a time may be tried again after it, one without is a spend limit", () => {
    const limited = apiError(429, "rate_limit_error", { "retry-after": "7" });
    expect(toModelError(limited)).toMatchObject({ kind: "unavailable", retryAfterMs: 7_000 });
    expect(toModelError(apiError(429, "rate_limit_error"))).toMatchObject({ kind: "rejected", code: "model-limit" });
    const dated = apiError(429, "rate_limit_error", { "retry-after": new Date(Date.now() + 60_000).toUTCString() });
    expect(toModelError(dated).retryAfterMs).toBeGreaterThan(30_000);
  });

  test("an error inside the stream has no status and is told by its type", () => {
    const inStream = (type: string) =>
      new APIError(undefined, { error: { type } }, type, undefined, type as "overloaded_error");
    expect(toModelError(inStream("overloaded_error"))).toMatchObject({ kind: "unavailable", code: "model-overloaded" });
    expect(toModelError(inStream("invalid_request_error"))).toMatchObject({ kind: "rejected", code: "model-refused" });
  });

  test("a long message is cut", () => {
    const long = APIError.generate(
      400,
      { type: "error", error: { type: "invalid_request_error", message: "y".repeat(5_000) } },
      undefined,
      new Headers(),
    );
    expect(toModelError(long).message.length).toBeLessThan(400);
  });

  test("a server that quotes the key is told without it", () => {
    const quoting = APIError.generate(
      401,
      { type: "error", error: { type: "authentication_error", message: `invalid key the-key ${"z".repeat(400)}` } },
      undefined,
      new Headers(),
    );
    expect(toModelError(quoting).message).toMatch(/^invalid key \[secret\] z/);
  });
});
