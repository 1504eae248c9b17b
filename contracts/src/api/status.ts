import { z } from "zod";
import { activityFilter, readActivityRequest } from "../file/read-activity.request.ts";
import { verifyActivityRequest } from "../file/verify-activity.request.ts";
import { sandboxReport } from "../tools/sandbox-report.ts";
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
  /** How commands are confined; not set while the tools service does not answer. */
  sandbox: sandboxReport.optional(),
  uptimeSeconds: z.number().nonnegative(),
});

/** How the system is. Answers also while parts of it are down. */
export const readStatusRoute = defineRoute({
  method: "GET",
  path: "/status",
  summary: "How the system is",
  reply: status,
});

/** The newest lines of the activity log, oldest first; with `after` those that came since. */
export const readActivityRoute = defineRoute({
  method: "GET",
  path: "/activity",
  summary: "Read the activity log",
  query: activityFilter.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
  reply: readActivityRequest.reply,
});

/** Checks the whole activity log. 200 also when it is broken: `broken` says where. */
export const verifyActivityRoute = defineRoute({
  method: "GET",
  path: "/activity/verify",
  summary: "Verify the activity log",
  reply: verifyActivityRequest.reply,
});

/** The whole activity log as JSON lines, each with its link `prev` to the line before. */
export const exportActivityRoute = defineRoute({
  method: "GET",
  path: "/activity/export",
  summary: "Export the activity log (JSON lines)",
});

/** How the system is. */
export type Status = z.infer<typeof status>;
/** The activity log's newest lines. */
export type ActivityPage = z.infer<typeof readActivityRequest.reply>;
