import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toFingerprintSet } from "./fingerprints.ts";
import { createSecretFinder } from "./secret-finder.ts";

const key = Buffer.alloc(32, 7);
const value = "corr3ct horse+battery/staple?";
const finder = createSecretFinder(
  toFingerprintSet(
    [
      { name: "HORSE", value },
      { name: "LONG", value: `${value} and more` },
      { name: "SHORT", value: "tiny" },
      { name: "UMLAUT", value: 'größe "quoted" \\ \n end' },
    ],
    key,
  ),
);
const namesIn = (text: string | Buffer) => finder.all(Buffer.from(text)).map(({ name }) => name);

describe("a secret is found by its fingerprints", () => {
  test.each([
    ["as it is", value],
    ["in base64", Buffer.from(value).toString("base64")],
    ["inside base64, one byte on", Buffer.from(`x${value}y`).toString("base64")],
    ["inside base64, two bytes on", Buffer.from(`xx${value}yyy`).toString("base64")],
    ["inside base64 for addresses", Buffer.from(`u:${value}`).toString("base64url")],
    ["in hex", Buffer.from(value).toString("hex")],
    ["in upper-case hex", Buffer.from(value).toString("hex").toUpperCase()],
    ["in an address", `https://example.org/?q=${encodeURIComponent(value)}&x=1`],
  ])("%s", (_how, text) => {
    expect(namesIn(text)).toContain("HORSE");
    expect(namesIn(`before ${text} behind`)).toContain("HORSE");
  });

  test("in JSON", () => {
    expect(namesIn(JSON.stringify({ text: 'so: größe "quoted" \\ \n end.' }))).toEqual(["UMLAUT"]);
  });

  test("as often as it stands there, the longest form where several fit", () => {
    expect(namesIn(`${value}${value} ${value} and more`)).toEqual(["HORSE", "HORSE", "LONG"]);
  });

  test("but not when a byte is missing, and never one that is too short to be told from words", () => {
    expect(namesIn(`${value.slice(1)} ${value.slice(0, -1)} tiny`)).toEqual([]);
  });

  test("at the very place where it begins, among random bytes", () => {
    for (let round = 0; round < 200; round += 1) {
      const noise = randomBytes(round);
      const bytes = Buffer.concat([noise, Buffer.from(value), randomBytes(9)]);
      expect(finder.first(bytes)).toEqual({ from: round, to: round + value.length, name: "HORSE" });
    }
  });
});

test("fingerprints don't tell the value", () => {
  const set = toFingerprintSet([{ name: "HORSE", value }], key);
  expect(JSON.stringify(set)).not.toContain("horse");
  const others = toFingerprintSet([{ name: "HORSE", value }], Buffer.alloc(32, 8));
  expect(others.fingerprints[0]?.digest).not.toBe(set.fingerprints[0]?.digest);
  expect(others.fingerprints[0]?.start).not.toBe(set.fingerprints[0]?.start);
});
