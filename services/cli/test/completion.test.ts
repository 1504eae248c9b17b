import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

function ask(script: string, line: string): string[] {
  const words = line.split(" ");
  const program = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _matrixos; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return spawnSync("bash", ["-c", program], { encoding: "utf8" }).stdout.trim().split("\n");
}

test("bash: the script parses and completes commands, sub-commands and options", async () => {
  const { code, stdout } = await runCli(["completion", "bash"]);
  expect(code).toBe(0);
  expect(spawnSync("bash", ["-n"], { input: stdout, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  expect(ask(stdout, "matrixos se")).toEqual(["send", "sessions", "secret"]);
  expect(ask(stdout, "matrixos --json files m")).toEqual(["move"]);
  expect(ask(stdout, "matrixos send hello --i")).toEqual(["--idempotency-key"]);
  expect(ask(stdout, "matrixos files write --")).toEqual(
    expect.arrayContaining(["--from", "--if-match", "--json", "--help"]),
  );
});

test.each(["zsh", "fish"])("%s: the script names every command and parses where the shell is there", async (shell) => {
  const { stdout } = await runCli(["completion", shell]);
  for (const word of ["send", "sessions", "doctor", "unset", "idempotency-key"]) expect(stdout).toContain(word);
  const parsed = spawnSync(shell, ["-n", "/dev/stdin"], { input: stdout, encoding: "utf8" });
  if (parsed.error === undefined) expect(parsed).toMatchObject({ status: 0, stderr: "" });
});
