import { homedir } from "node:os";
import { isIPv4, isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { ConfigError, type Env, parseEnv, port } from "@matrix-os/runtime/env";
import { z } from "zod";
import { limits } from "./auth/limits.ts";

const schema = z.object({
  MATRIX_HOST: z
    .string()
    .default("127.0.0.1")
    .describe("The address to listen on; any but loopback needs MATRIX_TLS_CERT and MATRIX_TLS_KEY."),
  MATRIX_PORT: port.default(4400).describe("The port to listen on; 0: any free one."),
  MATRIX_HOME: z.string().optional().describe("The owner's home folder; only shown in the status."),
  MATRIX_STATE: z
    .string()
    .optional()
    .describe("Where secrets are kept; not set: matrix-os under the XDG state folder."),
  XDG_STATE_HOME: z.string().optional().describe("The folder for programs' state; not set: ~/.local/state."),
  MATRIX_LOGS: z.string().optional().describe("A folder of JSON-lines log files that GET /api/v1/logs reads."),
  MATRIX_TLS_CERT: z.string().optional().describe("A certificate file (PEM); with it the gateway speaks https."),
  MATRIX_TLS_KEY: z.string().optional().describe("The private key file (PEM) of that certificate."),
  MATRIX_ALLOWED_HOSTS: z
    .string()
    .optional()
    .describe("More names (comma-separated, with a port if not the listening one) that clients may call this by."),
  MATRIX_APPS_HOST: z
    .string()
    .default("localhost")
    .describe("The name that apps' files are served under, on the same port; it must not be one of the shell's."),
  MATRIX_SHELL: z
    .string()
    .default(resolve(import.meta.dirname, "../../shell/dist"))
    .describe("The folder of the built shell; without it a page in words is served."),
  MATRIX_APP_CLIENT: z
    .string()
    .default(resolve(import.meta.dirname, "../../shell/app-client/matrix.js"))
    .describe("The script that begins every page of an app."),
  MATRIX_FAILED_LOGINS: z.coerce
    .number()
    .int()
    .min(1)
    .default(5)
    .describe("Wrong tokens or links that one address may try in a minute."),
  MATRIX_STRANGER_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(limits.strangerRequests.perMinute)
    .describe("Requests without a valid token that one address may send in a minute."),
  MATRIX_SLOW_CLIENT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe(
      "How long a client may take for the head of a request, for each KiB of its body, and between two requests.",
    ),
  MATRIX_MAX_SOCKETS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe("WebSockets that may be open at a time."),
});

/** The gateway's settings. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly home: string | undefined;
  readonly state: string;
  readonly logs: string | undefined;
  readonly tls: { readonly certPath: string; readonly keyPath: string } | undefined;
  readonly allowedHosts: readonly string[];
  readonly appsHost: string;
  readonly shell: string;
  readonly appClient: string;
  readonly failedLoginsPerMinute: number;
  readonly strangerRequestsPerMinute: number;
  readonly slowClientMs: number;
  readonly maxSockets: number;
}

/** Reads the gateway's part of the environment. Throws `ConfigError`, also for a public address without TLS. */
export function readGatewayConfig(env: Env): GatewayConfig {
  const values = parseEnv(schema, env);
  const tls = toTls(values.MATRIX_TLS_CERT, values.MATRIX_TLS_KEY);
  if (!isLoopback(values.MATRIX_HOST) && tls === undefined) {
    throw new ConfigError([
      `MATRIX_HOST: ${values.MATRIX_HOST} can be reached from other machines. Set MATRIX_TLS_CERT and MATRIX_TLS_KEY too, or use 127.0.0.1.`,
    ]);
  }
  const allowedHosts = toList(values.MATRIX_ALLOWED_HOSTS);
  const appsHost = values.MATRIX_APPS_HOST.toLowerCase();
  if ([...allowedHosts, "127.0.0.1", "[::1]"].includes(appsHost)) {
    throw new ConfigError([`MATRIX_APPS_HOST: ${appsHost} is a name of the shell. Apps need a host of their own.`]);
  }
  return Object.freeze({
    host: values.MATRIX_HOST,
    port: values.MATRIX_PORT,
    home: values.MATRIX_HOME,
    state: values.MATRIX_STATE ?? join(values.XDG_STATE_HOME ?? join(homedir(), ".local", "state"), "matrix-os"),
    logs: values.MATRIX_LOGS,
    tls,
    allowedHosts,
    appsHost,
    shell: values.MATRIX_SHELL,
    appClient: values.MATRIX_APP_CLIENT,
    failedLoginsPerMinute: values.MATRIX_FAILED_LOGINS,
    strangerRequestsPerMinute: values.MATRIX_STRANGER_REQUESTS,
    slowClientMs: values.MATRIX_SLOW_CLIENT_MS,
    maxSockets: values.MATRIX_MAX_SOCKETS,
  });
}

function toTls(certPath: string | undefined, keyPath: string | undefined): GatewayConfig["tls"] {
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  throw new ConfigError([
    `${certPath === undefined ? "MATRIX_TLS_CERT" : "MATRIX_TLS_KEY"}: TLS needs both the certificate and its key.`,
  ]);
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith("127.");
  return host === "localhost" || (isIPv6(host) && host === "::1");
}

function toList(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== "");
}
