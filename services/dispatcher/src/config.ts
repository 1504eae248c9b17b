import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Env } from "@matrix-os/runtime/env";
import { parseEnv } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  MATRIX_RECONCILE_MS: z.coerce
    .number()
    .int()
    .min(200)
    .max(600_000)
    .default(5_000)
    .describe("How often unfinished turns are looked for, in milliseconds."),
  MATRIX_PROVISION_USER: z
    .string()
    .optional()
    .describe("The bus user that may make streams; not set: the process's own."),
  MATRIX_PROVISION_PASSWORD: z.string().optional().describe("The password of that user."),
  MATRIX_BUS_URL: z.string().default("nats://127.0.0.1:4222").describe("Where the NATS broker listens."),
});

/** The dispatcher's settings. */
export interface DispatcherConfig {
  /** Names this process to whoever asks who leads. */
  readonly owner: string;
  readonly reconcileMs: number;
  readonly provisioner: { readonly url: string; readonly user: string; readonly password: string } | undefined;
}

/** Reads the dispatcher's part of the environment. Throws `ConfigError`. */
export function readDispatcherConfig(env: Env): DispatcherConfig {
  const values = parseEnv(schema, env);
  const user = values.MATRIX_PROVISION_USER;
  return {
    owner: `dispatcher@${hostname()}.${process.pid}.${randomBytes(3).toString("hex")}`,
    reconcileMs: values.MATRIX_RECONCILE_MS,
    provisioner:
      user === undefined
        ? undefined
        : { url: values.MATRIX_BUS_URL, user, password: values.MATRIX_PROVISION_PASSWORD ?? "" },
  };
}
