import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { type Env, parseEnv } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  ANTHROPIC_API_KEY: z.string().optional().describe("The key for the model's server."),
  ANTHROPIC_BASE_URL: z
    .url()
    .optional()
    .describe("Another server that speaks the Messages API, such as Ollama or LM Studio."),
  MATRIX_MODEL: z.string().optional().describe("The model to ask; goes before `model` in system/config.json."),
  MATRIX_REHEARSAL_URL: z
    .url()
    .default("http://127.0.0.1:4401")
    .describe("Where the rehearsal model listens, for use without a key."),
  MATRIX_KERNEL_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(64)
    .describe("Turns that one kernel process runs at a time."),
  MATRIX_MODEL_ATTEMPTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe("Tries of one model call before the turn fails visibly."),
});

/** What the environment says about the model's server. */
export interface ModelSettings {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
  readonly rehearsalUrl: string;
}

/** Where the model is reached. */
export interface ModelAccess {
  readonly provider: "anthropic" | "custom" | "rehearsal";
  readonly baseUrl: string | undefined;
  readonly apiKey: string;
}

/** The kernel's settings. */
export interface KernelConfig {
  readonly owner: string;
  readonly slots: number;
  readonly modelAttempts: number;
  readonly model: string | undefined;
  readonly server: ModelSettings;
}

/** Reads the kernel's part of the environment. Throws `ConfigError`. */
export function readKernelConfig(env: Env): KernelConfig {
  const values = parseEnv(schema, env);
  return {
    owner: `kernel@${hostname()}.${process.pid}.${randomBytes(3).toString("hex")}`,
    slots: values.MATRIX_KERNEL_SLOTS,
    modelAttempts: values.MATRIX_MODEL_ATTEMPTS,
    model: values.MATRIX_MODEL,
    server: {
      apiKey: values.ANTHROPIC_API_KEY,
      baseUrl: values.ANTHROPIC_BASE_URL,
      rehearsalUrl: values.MATRIX_REHEARSAL_URL,
    },
  };
}
