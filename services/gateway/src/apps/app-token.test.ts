import { describe, expect, test } from "vitest";
import { APP_TOKEN_LIFETIME_MS, createAppTokens } from "./app-token.ts";

const tokens = createAppTokens("the owner's token, 256 bits of it");
const now = 1_800_000_000_000;

describe("an app's token", () => {
  test("is read by every gateway of the same state, and by no other", () => {
    const token = tokens.seal({ app: "water", device: "d1" }, now);
    expect(createAppTokens("the owner's token, 256 bits of it").open(token, now)).toEqual({
      app: "water",
      device: "d1",
    });
    expect(createAppTokens("another owner's token").open(token, now)).toBeUndefined();
  });

  test("is never the same, and says nothing by itself", () => {
    const some = Array.from({ length: 100 }, () => tokens.seal({ app: "water", device: "device-one" }, now));
    expect(new Set(some).size).toBe(100);
    for (const token of some) expect(Buffer.from(token, "base64url").toString("latin1")).not.toMatch(/water|device/);
  });

  test("fits into an address, also with the longest name", () => {
    const token = tokens.seal({ app: "a".repeat(63), device: "d".repeat(64) }, now);
    expect(token).toMatch(/^[A-Za-z0-9_-]{100,400}$/);
    expect(tokens.open(token, now)?.app).toBe("a".repeat(63));
  });

  test("dies after a day", () => {
    const token = tokens.seal({ app: "water" }, now);
    expect(tokens.open(token, now + APP_TOKEN_LIFETIME_MS - 1)).toEqual({ app: "water" });
    expect(tokens.open(token, now + APP_TOKEN_LIFETIME_MS)).toBeUndefined();
  });

  test("with any bit changed, cut off or longer it is nothing", () => {
    const sealed = Buffer.from(tokens.seal({ app: "water" }, now), "base64url");
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(tokens.open(changed.toString("base64url"), now)).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(tokens.open(sealed.subarray(0, length).toString("base64url"), now)).toBeUndefined();
    expect(tokens.open("x".repeat(5_000), now)).toBeUndefined();
  });
});
