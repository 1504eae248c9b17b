import { z } from "zod";
import { instant } from "../values.ts";
import { defineRoute } from "./route.ts";

const link = z.object({ url: z.url(), expiresAt: instant });

/** Makes a login link that opens the system once, within ten minutes, in any browser that can reach it. */
export const createLinkRoute = defineRoute({
  method: "POST",
  path: "/links",
  summary: "Make a single-use login link",
  reply: link,
  status: 201,
});

const device = z.object({
  id: z.string(),
  createdAt: instant,
  lastSeen: instant,
  userAgent: z.string(),
  /** The device that asks. */
  current: z.boolean(),
});

/** Browsers that are logged in. */
export const listDevicesRoute = defineRoute({
  method: "GET",
  path: "/devices",
  summary: "List browsers that are logged in",
  reply: z.object({ devices: z.array(device) }),
});

/** Logs a browser out, its open connections too, within a second. Errors: `not-found`. */
export const removeDeviceRoute = defineRoute({
  method: "DELETE",
  path: "/devices/:device",
  summary: "Log a browser out",
  status: 204,
});

/** A login link. */
export type LoginLink = z.infer<typeof link>;
/** A browser that is logged in. */
export type Device = z.infer<typeof device>;
