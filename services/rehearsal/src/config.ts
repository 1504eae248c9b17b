import { type Env, parseEnv, port } from "@matrix-os/runtime/env";
import { z } from "zod";

const schema = z.object({
  MATRIX_REHEARSAL_PORT: port.default(4_401).describe("Where the rehearsal model listens; 0 takes any free port."),
  MATRIX_REHEARSAL_HOST: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("The address that the rehearsal model binds to."),
  MATRIX_REHEARSAL_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("A pause before each streamed piece of text, for demonstrations."),
});

/** Where the server listens and how it paces its words. */
export interface RehearsalConfig {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** Pause before each streamed piece of text. */
  readonly delayMs: number;
}

/** Reads the rehearsal's part of the environment. Throws `ConfigError`. */
export function readRehearsalConfig(env: Env): RehearsalConfig {
  const values = parseEnv(schema, env);
  return {
    port: values.MATRIX_REHEARSAL_PORT,
    host: values.MATRIX_REHEARSAL_HOST,
    delayMs: values.MATRIX_REHEARSAL_DELAY_MS,
  };
}
