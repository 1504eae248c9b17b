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
    .default(6)
    .describe("Tries of one model call before the turn fails visibly."),
  MATRIX_FALLBACK_MODEL: z
    .string()
    .min(1)
    .optional()
    .describe("The model that is asked when the first one fails twice; on the same server."),
  MATRIX_MODEL_SILENCE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(120_000)
    .describe("Milliseconds without content after which a model call counts as lost."),
  MATRIX_PROMPT_LIMIT: z.coerce
    .number()
    .int()
    .min(8_000)
    .max(2_000_000)
    .default(160_000)
    .describe(
      "Estimated tokens that one request to the model may have; earlier turns get three quarters of what the rules and tools leave.",
    ),
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
  readonly fallbackModel: string | undefined;
  readonly silenceMs: number;
  readonly promptTokens: number;
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
    fallbackModel: values.MATRIX_FALLBACK_MODEL,
    silenceMs: values.MATRIX_MODEL_SILENCE_MS,
    promptTokens: values.MATRIX_PROMPT_LIMIT,
  };
}
