import { expect, test } from "vitest";

import { runCommand } from "./run-command.ts";

test("a program's output is given", async () => {
  expect(await runCommand(["sh", "-c", "echo $COLOUR"], { timeoutMs: 5_000, environment: { COLOUR: "red" } })).toBe(
    "red\n",
  );
});

test("a program that fails tells its last lines", async () => {
  const failing = runCommand(["sh", "-c", "echo one >&2; echo two >&2; exit 3"], { timeoutMs: 5_000 });
  await expect(failing).rejects.toThrow("sh: one / two");
});

test("a program that is not there, or takes too long, says so", async () => {
  await expect(runCommand(["no-such-program"], { timeoutMs: 5_000 })).rejects.toThrow(
    "no-such-program is not installed",
  );
  await expect(runCommand(["sleep", "60"], { timeoutMs: 50 })).rejects.toThrow("sleep took too long");
});
