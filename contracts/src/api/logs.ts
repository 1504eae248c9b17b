import { z } from "zod";
import { defineRoute } from "./route.ts";

/** Levels from the least important on. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** One line of a service's log; more fields than these may come. */
export const logLine = z.looseObject({
  time: z.string(),
  level: z.string(),
  msg: z.string(),
  service: z.string().optional(),
  correlation: z.string().optional(),
});

/** The newest log lines that fit, oldest first; empty when the process logs elsewhere. */
export const readLogsRoute = defineRoute({
  method: "GET",
  path: "/logs",
  summary: "Read the newest log lines",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
    service: z.string().max(40).optional(),
    /** This level and the more important ones. */
    level: z.enum(logLevels).optional(),
    correlation: z.string().max(80).optional(),
  }),
  /** `complete` is false when older lines may fit that were not looked at. */
  reply: z.object({ lines: z.array(logLine), complete: z.boolean() }),
});

/** One line of a service's log. */
export type LogLine = z.infer<typeof logLine>;
