import { z } from "zod";
import { appManifest, appName } from "../app/manifest.ts";
import { MAX_VALUE_LENGTH, sqlStatement } from "../app/bridge.ts";
import { changeReply } from "../file/write.request.ts";
import { defineRoute } from "./route.ts";

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

/** The owner's apps, sorted by folder name. One that can't be opened says why in `problem`. */
export const listAppsRoute = defineRoute({ method: "GET", path: "/apps", summary: "List apps", reply: appListReply });

/** Opens an app for one window. Errors: `not-found`, `invalid` (its app.json or its entry is broken). */
export const openAppRoute = defineRoute({
  method: "POST",
  path: "/apps/:app/open",
  summary: "Open an app",
  reply: openAppReply,
});

/** An app's key-value storage. Errors: `not-found`, `too-large`. */
export const useAppStorageRoute = defineRoute({
  method: "POST",
  path: "/apps/:app/storage",
  summary: "Use an app's storage",
  body: appStorageRequest,
  reply: appStorageReply,
});

/** One SQL statement on an app's own database. Errors: `not-found`, `invalid`, `denied`, `timed-out`, `too-large`. */
export const queryAppRoute = defineRoute({
  method: "POST",
  path: "/apps/:app/query",
  summary: "Query an app's database",
  body: appQueryRequest,
  reply: appQueryReply,
});

const appFiles = { path: "/apps/:app/files/*" } as const;

/** Bytes that a file an app writes may have: the characters of a bridge request, three bytes each. */
export const MAX_APP_FILE_BYTES = 3 * MAX_VALUE_LENGTH;

/** A file of an app's data folder, or with `list=1` what a folder holds; an app without one has an empty list. */
export const readAppFileRoute = defineRoute({
  ...appFiles,
  method: "GET",
  summary: "Read a file of an app's data, or list a folder",
  query: z.object({ list: z.enum(["0", "1"]).optional() }),
});

/** Creates (201) or replaces (200) a file. Errors: `too-large`, `denied` (the database's own files). */
export const writeAppFileRoute = defineRoute({
  ...appFiles,
  method: "PUT",
  summary: "Write a file of an app's data",
  reply: changeReply,
});

/** Deletes a file or folder. Errors: `not-found`, `denied`. */
export const deleteAppFileRoute = defineRoute({
  ...appFiles,
  method: "DELETE",
  summary: "Delete a file of an app's data",
  reply: changeReply,
});

/** One app. */
export type AppInfo = z.infer<typeof appInfo>;
