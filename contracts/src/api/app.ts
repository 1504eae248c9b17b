import { z } from "zod";
import { appManifest, appName } from "../app/manifest.ts";
import { sqlStatement } from "../app/bridge.ts";
import { homePath } from "../values.ts";

/** An app as the launcher lists it. */
export const appInfo = z.object({
  app: appName,
  manifest: appManifest,
  /** Why it can't be opened, such as a broken app.json. */
  problem: z.string().optional(),
});

/** `GET /api/v1/apps` */
export const appListReply = z.object({ apps: z.array(appInfo) });

/** `POST /api/v1/apps/:app/open`: where its files are served for this window; the address is a capability and dies with it. */
export const openAppReply = z.object({ url: z.string(), manifest: appManifest });

/** `POST /api/v1/apps/:app/storage` */
export const appStorageRequest = z.discriminatedUnion("do", [
  z.object({ do: z.literal("get"), key: z.string().min(1).max(200) }),
  z.object({ do: z.literal("set"), key: z.string().min(1).max(200), value: z.unknown() }),
  z.object({ do: z.literal("delete"), key: z.string().min(1).max(200) }),
  z.object({ do: z.literal("keys") }),
]);

/** The value (`get`; null when there is none), or the keys. */
export const appStorageReply = z.object({ value: z.unknown().optional(), keys: z.array(z.string()).optional() });

/** `POST /api/v1/apps/:app/query` */
export const appQueryRequest = z.object({ statement: sqlStatement });

/** Rows (at most 1,000) of a SELECT, or how many rows a statement changed. */
export const appQueryReply = z.object({
  rows: z.array(z.record(z.string(), z.unknown())),
  changedRows: z.number().int().nonnegative(),
  truncated: z.boolean(),
});

/** Files of an app's own data folder go through `/api/v1/apps/:app/files/*`; paths are relative to `data/<app>/`. */
export const appFilePath = homePath;

/** One app. */
export type AppInfo = z.infer<typeof appInfo>;
