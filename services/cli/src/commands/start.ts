import { existsSync } from "node:fs";
import { join } from "node:path";
import { childEnv, type CliConfig } from "../config.ts";
import { exitCodes, Failure } from "../failure.ts";

/** Becomes the system, in the foreground, as `make start` does: this process is replaced by it. */
export function start({ root }: Pick<CliConfig, "root">): never {
  const script = join(root, "deploy/local/start.ts");
  if (!existsSync(script) || process.execve === undefined) {
    throw new Failure("Matrix OS can't be started from here.", {
      exitCode: exitCodes.unavailable,
      code: "no-start",
      remedy: `Run \`make start\` in ${root}.`,
    });
  }
  process.chdir(root);
  return process.execve(process.execPath, [process.execPath, script], childEnv());
}
