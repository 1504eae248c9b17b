import { describe, expect, test } from "vitest";
import { createRedactor } from "./redactor.ts";

const { text: redact } = createRedactor();
const joined = (...parts: string[]) => parts.join("-");
const letters = (count: number) => "aB3dE5gH".repeat(40).slice(0, count);

describe("a text loses what has a secret's shape", () => {
  // Put together here, so that nobody's scanner takes these lines for real ones.
  test.each([
    ["an Anthropic key", joined("sk-ant-api03", letters(80))],
    ["an OpenAI key", joined("sk-proj", letters(60))],
    ["an old OpenAI key", `sk-${letters(48)}`],
    ["an AWS key id", ["AKIA", "ABCDEFGHIJKLMNOP"].join("")],
    ["a GitHub token", `ghp_${letters(36)}`],
    ["a fine-grained GitHub token", `github_pat_${letters(82)}`],
    ["a Slack token", joined("xoxb", "1234567890", letters(24))],
    ["a Telegram token", `123456789:AA${letters(33)}`],
    ["a Google key", `AIza${letters(35)}`],
    ["a JWT", `eyJ${letters(30)}.eyJ${letters(60)}.${letters(43)}`],
    ["a private key", `-----BEGIN OPENSSH PRIVATE KEY-----\n${letters(300)}\n-----END OPENSSH PRIVATE KEY-----`],
    ["a private key in JSON", `-----BEGIN PRIVATE KEY-----\\n${letters(300)}\\n-----END PRIVATE KEY-----`],
  ])("%s", (_what, secret) => {
    expect(redact(`before ${secret} behind`)).toBe("before [secret] behind");
  });

  test.each([
    ["a bearer header", `authorization: Bearer ${letters(20)}`, "authorization: Bearer [secret]"],
    ["a basic header in JSON", `{"Authorization":"Basic ${letters(20)}"}`, '{"Authorization":"Basic [secret]"}'],
    ["an API key header", `x-api-key: ${letters(20)}`, "x-api-key: [secret]"],
    ["a login link", `http://127.0.0.1:4400/login?code=${letters(43)}`, "http://127.0.0.1:4400/login?code=[secret]"],
    ["a password in an address", "postgres://me:hunter2hunter2@db/x", "postgres://me:[secret]@db/x"],
  ])("%s keeps what is around it", (_what, text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

test.each([
  "a sk-fading-circle-of-the-spinner-kit class and a sk-learn import",
  "the bearer of this letter; Authorization: none; bearer tokens are explained below",
  "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "550e8400-e29b-41d4-a716-446655440000 and SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
  "https://example.org:8080/path@v1 and git@github.com:owner/name.git and user@example.org",
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
  "12:34:56 and 1234567890:AB, eyJust a word. ghost_of_a_chance, AKIA is a prefix, xoxo-hugs",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
])("ordinary text stays: %s", (text) => {
  expect(redact(text)).toBe(text);
});

test("hostile texts take no longer than their length", () => {
  const pieces = [
    "eyJ-",
    "eyJaaaaaaaaaa.",
    "eyJaaaaaaaaaa.eyJaaaaaaaaaa",
    "sk-ant-",
    "-----BEGIN PRIVATE KEY-----",
    "://a:",
    "://",
    "authorization: bearer ",
    "x-api-key",
    "1234567890:AA",
    "xoxb-",
    "-----BEGIN A A A ",
    "ghp_",
    "a",
    " ",
    "-",
  ];
  const begin = performance.now();
  for (const piece of pieces) redact(piece.repeat(Math.ceil(300_000 / piece.length)));
  expect(performance.now() - begin).toBeLessThan(15_000);
});

test("known secrets are named, in every text; shapes only where nothing is acted upon", () => {
  const redactor = createRedactor();
  redactor.learn("owner.token", "first-value-of-it");
  redactor.learn("owner.token", "another-value-of-it");
  const shape = `sk-ant-${letters(60)}`;
  expect(redactor.text(`first-value-of-it another-value-of-it ${shape}`)).toBe(
    "first-value-of-it [secret owner.token] [secret]",
  );
  expect(redactor.known(`ä another-value-of-it ${shape} ö`)).toBe(`ä [secret owner.token] ${shape} ö`);
});
