import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { readSecret } from "./read-secret.ts";

function open(isTTY: boolean) {
  const streams = {
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const shown = Promise.all([text(streams.stdout), text(streams.stderr)]).then((parts) => parts.join(""));
  const end = () => [streams.stdout, streams.stderr].forEach((stream) => stream.end());
  return { streams, shown, end };
}

test("on a terminal a secret is asked for and never shown", async () => {
  const { streams, shown, end } = open(true);
  const entered = readSecret(streams, "Value: ");
  for (const letter of "hidden-value\r") streams.stdin.write(letter);
  expect(await entered).toBe("hidden-value");
  end();
  const seen = await shown;
  expect(seen).toContain("Value: ");
  expect(seen).not.toMatch(/[hid]{2}|value/);
});

test("Ctrl-C and the end of input give nothing", async () => {
  for (const key of ["\u0003", "\u0004"]) {
    const { streams, end } = open(true);
    const entered = readSecret(streams, "Value: ");
    streams.stdin.write(key);
    expect(await entered).toBe("");
    end();
  }
});

test("from a pipe it is everything but one final line break", async () => {
  for (const [piped, expected] of [
    ["a b\n", "a b"],
    ["a\r\n", "a"],
    ["a\nb\n\n", "a\nb\n"],
    ["", ""],
  ] as const) {
    const { streams, end } = open(false);
    streams.stdin.end(piped);
    expect(await readSecret(streams, "Value: ")).toBe(expected);
    end();
  }
});
