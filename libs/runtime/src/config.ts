import { z } from "zod";
import { type Env, parseEnv, port } from "./env.ts";

const schema = z.object({
  MATRIX_BUS_URL: z.string().default("nats://127.0.0.1:4222").describe("Where the NATS broker listens."),
  MATRIX_BUS_USER: z.string().optional().describe("The process's own user on the bus."),
  MATRIX_BUS_PASSWORD: z.string().optional().describe("The password of that user."),
  MATRIX_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error"])
    .default("info")
    .describe("The least important level that is logged: debug, info, warn or error."),
  MATRIX_HEALTH_PORT: port.optional().describe("Where /healthz, /readyz and /metrics are served; not set: nowhere."),
  MATRIX_HEALTH_HOST: z.string().default("127.0.0.1").describe("The address that the health port binds to."),
});

/** What every process reads from its environment. */
export interface ProcessConfig {
  readonly bus: { readonly url: string; readonly user: string | undefined; readonly password: string | undefined };
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly health: { readonly host: string; readonly port: number } | undefined;
}

/** The process's part of the environment. Throws `ConfigError`. */
export function readProcessConfig(env: Env = process.env): ProcessConfig {
  const values = parseEnv(schema, env);
  return {
    bus: { url: values.MATRIX_BUS_URL, user: values.MATRIX_BUS_USER, password: values.MATRIX_BUS_PASSWORD },
    logLevel: values.MATRIX_LOG_LEVEL,
    health:
      values.MATRIX_HEALTH_PORT === undefined
        ? undefined
        : { host: values.MATRIX_HEALTH_HOST, port: values.MATRIX_HEALTH_PORT },
  };
}

/** The environment of this process, for the services that run in it. */
export function processEnv(): Env {
  return process.env;
}
