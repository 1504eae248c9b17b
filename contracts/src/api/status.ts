import { z } from "zod";
import { readActivityRequest } from "../file/read-activity.request.ts";
import { defineRoute } from "./route.ts";

const upOrDown = z.enum(["up", "down"]);

const status = z.object({
  version: z.string(),
  /** The home folder, when the gateway was told. */
  home: z.string().optional(),
  /** `unknown` while the kernel does not answer. */
  model: z.string(),
  provider: z.enum(["anthropic", "custom", "rehearsal", "unknown"]),
  /** True: no model thinks here; a scripted stand-in answers. */
  rehearsal: z.boolean(),
  /** Sentences for the owner: what is wrong and what helps. */
  problems: z.array(z.string()),
  services: z.record(z.string(), upOrDown),
  bus: upOrDown,
  spentTodayUsd: z.number().nonnegative(),
  dayBudgetUsd: z.number().nonnegative(),
  uptimeSeconds: z.number().nonnegative(),
});

/** How the system is. Answers also while parts of it are down. */
export const readStatusRoute = defineRoute({
  method: "GET",
  path: "/status",
  summary: "How the system is",
  reply: status,
});

/** The newest lines of the activity log, oldest first. */
export const readActivityRoute = defineRoute({
  method: "GET",
  path: "/activity",
  summary: "Read the activity log",
  query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
  reply: readActivityRequest.reply,
});

/** How the system is. */
export type Status = z.infer<typeof status>;
/** The activity log's newest lines. */
export type ActivityPage = z.infer<typeof readActivityRequest.reply>;
