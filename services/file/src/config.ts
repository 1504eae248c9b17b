import os from "node:os";
import path from "node:path";
import { type Env, parseEnv } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  HOME: z.string().default(os.homedir()).describe("The user's own directory; defaults of the others stand below it."),
  PATH: z.string().default("/usr/local/bin:/usr/bin:/bin").describe("Where git is found."),
  XDG_STATE_HOME: z
    .string()
    .optional()
    .describe("Where programs keep their state; the default of MATRIX_STATE stands below it."),
  MATRIX_HOME: z.string().optional().describe("The owner's files: a plain folder, ~/matrix-os when not set."),
  MATRIX_STATE: z
    .string()
    .optional()
    .describe("Secrets and stores, never inside the home; matrix-os below XDG_STATE_HOME when not set."),
  MATRIX_DEVICE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,80}$/)
    .optional()
    .describe("This device's name in the history: letters, digits, _ and -; made from the host name when not set."),
  MATRIX_MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(104_857_600)
    .describe("The largest file taken as a stream."),
  MATRIX_QUIET_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(5_000)
    .describe("How long nothing happens before transcripts enter the history."),
});

/** What the file service reads from its environment. */
export interface FileConfig {
  readonly home: string;
  readonly stateDir: string;
  readonly device: string;
  readonly maxUploadBytes: number;
  readonly quietMs: number;
  /** The `PATH` that git is looked up in. */
  readonly searchPath: string;
}

/** The file service's part of the environment. Throws `ConfigError`. */
export function readFileConfig(env: Env): FileConfig {
  const values = parseEnv(schema, env);
  return Object.freeze({
    home: path.resolve(values.MATRIX_HOME ?? path.join(values.HOME, "matrix-os")),
    stateDir: path.resolve(
      values.MATRIX_STATE ?? path.join(values.XDG_STATE_HOME ?? path.join(values.HOME, ".local/state"), "matrix-os"),
    ),
    device: values.MATRIX_DEVICE ?? toDevice(os.hostname()),
    maxUploadBytes: values.MATRIX_MAX_UPLOAD_BYTES,
    quietMs: values.MATRIX_QUIET_MS,
    searchPath: values.PATH,
  });
}

function toDevice(hostname: string): string {
  return hostname.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80) || "device";
}
