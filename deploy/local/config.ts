import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Env, parseEnv, port } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  MATRIX_HOME: z.string().default(join(homedir(), "matrix-os")).describe("The owner's home: a folder of plain files."),
  MATRIX_STATE: z.string().optional().describe("Secrets, tokens, logs and the broker's store; never in the home."),
  XDG_STATE_HOME: z.string().optional(),
  MATRIX_PORT: port.default(4_400).describe("Where the gateway listens; 0 takes any free port."),
  MATRIX_HOST: z.string().default("127.0.0.1").describe("The address that the gateway binds to."),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.string().optional(),
  SPLIT: z.enum(["0", "1"]).default("0").describe("1 runs every service as a process of its own."),
  KERNEL: z.coerce.number().int().min(1).max(32).default(1).describe("How many kernel processes run with SPLIT=1."),
});

/** How the local system is started. */
export interface LocalConfig {
  readonly home: string;
  readonly state: string;
  readonly host: string;
  readonly port: number;
  readonly isSplit: boolean;
  readonly kernels: number;
  readonly needsRehearsal: boolean;
  /** The whole environment, from which each process gets only its part. */
  readonly env: Env;
}

/** Reads the settings of the local start. Throws `ConfigError`. */
export function readLocalConfig(env: Env = process.env): LocalConfig {
  const values = parseEnv(schema, env);
  const stateHome = values.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
  return {
    home: resolve(values.MATRIX_HOME),
    state: resolve(values.MATRIX_STATE ?? join(stateHome, "matrix-os")),
    host: values.MATRIX_HOST,
    port: values.MATRIX_PORT,
    isSplit: values.SPLIT === "1",
    kernels: values.KERNEL,
    needsRehearsal: values.ANTHROPIC_API_KEY === undefined && values.ANTHROPIC_BASE_URL === undefined,
    env,
  };
}
