import os from "node:os";
import path from "node:path";
import { type Env, parseEnv } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  HOME: z.string().default(os.homedir()).describe("The user's own directory; defaults of the others stand below it."),
  PATH: z.string().default("/usr/local/bin:/usr/bin:/bin").describe("Where bubblewrap is found."),
  XDG_STATE_HOME: z.string().optional().describe("Where programs keep their state."),
  MATRIX_STATE: z.string().optional().describe("The state directory; checked out folders stand in its folder work."),
  MATRIX_UNSAFE_SHELL: z
    .enum(["0", "1"])
    .default("0")
    .describe("1 runs commands without a sandbox where none works: they can then read and change everything."),
});

/** What the tools service reads from its environment. */
export interface ToolsConfig {
  /** Where the file service checks folders out: `<workspace>/files`. */
  readonly workFolder: string;
  /** Where the output of commands is kept while the service runs. */
  readonly outputFolder: string;
  /** The `PATH` that bubblewrap is looked up in. */
  readonly searchPath: string;
  /** The owner accepts commands without a sandbox. */
  readonly allowsUnconfined: boolean;
}

/** The tools service's part of the environment. Throws `ConfigError`. */
export function readToolsConfig(env: Env): ToolsConfig {
  const values = parseEnv(schema, env);
  const stateHome = values.XDG_STATE_HOME ?? path.join(values.HOME, ".local/state");
  const state = path.resolve(values.MATRIX_STATE ?? path.join(stateHome, "matrix-os"));
  return Object.freeze({
    workFolder: path.join(state, "work"),
    outputFolder: path.join(state, "commands"),
    searchPath: values.PATH,
    allowsUnconfined: values.MATRIX_UNSAFE_SHELL === "1",
  });
}
