import os from "node:os";
import path from "node:path";
import { type Env, parseEnv } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  HOME: z.string().default(os.homedir()).describe("The user's own directory; the default of MATRIX_STATE is below it."),
  PATH: z.string().default("/usr/local/bin:/usr/bin:/bin").describe("Where `secret-tool` is looked up."),
  XDG_STATE_HOME: z
    .string()
    .optional()
    .describe("Where programs keep their state; the default of MATRIX_STATE stands below it."),
  MATRIX_STATE: z.string().optional().describe("Secrets and stores, never inside the home."),
  MATRIX_VAULT_KEY_IN: z
    .enum(["auto", "file", "keyring"])
    .default("auto")
    .describe(
      "Where a new vault keeps its key: `keyring`, `file`, or `auto`: the keyring where one answers, else a file.",
    ),
  DBUS_SESSION_BUS_ADDRESS: z.string().optional().describe("Where the desktop session's keyring is reached."),
});

/** Where the vault is kept, and how a keyring is reached. */
export interface VaultConfig {
  readonly folder: string;
  readonly keyIn: "auto" | "file" | "keyring";
  /** What `secret-tool` runs with; not set: there is no desktop session, so no keyring. */
  readonly keyringEnv: Readonly<Record<string, string>> | undefined;
}

/** Reads the vault's part of the environment. Throws `ConfigError`. */
export function readVaultConfig(env: Env): VaultConfig {
  const values = parseEnv(schema, env);
  const { HOME, PATH, DBUS_SESSION_BUS_ADDRESS } = values;
  const stateHome = values.XDG_STATE_HOME ?? path.join(HOME, ".local/state");
  return Object.freeze({
    folder: path.resolve(values.MATRIX_STATE ?? path.join(stateHome, "matrix-os"), "vault"),
    keyIn: values.MATRIX_VAULT_KEY_IN,
    keyringEnv: DBUS_SESSION_BUS_ADDRESS === undefined ? undefined : { HOME, PATH, DBUS_SESSION_BUS_ADDRESS },
  });
}
