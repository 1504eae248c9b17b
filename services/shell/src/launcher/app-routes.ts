import {
  appListReply,
  appQueryReply,
  appQueryRequest,
  appStorageReply,
  appStorageRequest,
  openAppReply,
} from "@matrix-os/contracts/api/app";
import { API_BASE, defineRoute, toRouteUrl } from "@matrix-os/contracts/api/route";

/** The owner's apps. */
export const listAppsRoute = defineRoute({ method: "GET", path: "/apps", summary: "List apps", reply: appListReply });

/** Opens an app for one window. */
export const openAppRoute = defineRoute({
  method: "POST",
  path: "/apps/:app/open",
  summary: "Open an app",
  reply: openAppReply,
});

/** An app's key-value storage. */
export const appStorageRoute = defineRoute({
  method: "POST",
  path: "/apps/:app/storage",
  summary: "Use an app's storage",
  body: appStorageRequest,
  reply: appStorageReply,
});

/** An app's own database. */
export const appQueryRoute = defineRoute({
  method: "POST",
  path: "/apps/:app/query",
  summary: "Query an app's database",
  body: appQueryRequest,
  reply: appQueryReply,
});

/** Where a file of an app's data folder is read and written; with `list` its folder is listed. */
export function toAppFileUrl(app: string, path: string, list?: "list"): string {
  const query = list === undefined ? {} : { list: "1" };
  return toRouteUrl({ path: `${API_BASE}/apps/:app/files/*` }, { params: { app, "*": path }, query });
}
