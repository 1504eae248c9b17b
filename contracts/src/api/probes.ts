import { z } from "zod";

/** Alive: the process answers. */
export const HEALTH_PATH = "/healthz";
/** Ready: 200 when the bus and every core service answer, else 503 with `missing`. */
export const READY_PATH = "/readyz";
/** The numbers of the process in the Prometheus text format; needs a token. */
export const METRICS_PATH = "/metrics";
/** Where a login link leads. */
export const LOGIN_PATH = "/login";
/** Where the OpenAPI 3.1 document is. */
export const OPENAPI_PATH = "/api/v1/openapi.json";
/** The WebSocket for shells: `clientFrame` in, `serverFrame` out. */
export const SOCKET_PATH = "/api/v1/ws";

/** What `/readyz` answers. */
export const readiness = z.object({ ready: z.boolean(), missing: z.array(z.string()) });

/** What `/readyz` answers. */
export type Readiness = z.infer<typeof readiness>;
