import type { Scope } from "@matrix-os/contracts/api/tokens";
import type { BridgeRequest } from "@matrix-os/contracts/app/bridge";
import type { ClientFrame } from "@matrix-os/contracts/shell/frame";

/**
 * Who may do something. `anyone`: no proof is asked for. `app-address`: whoever has an app's address, on the apps' host only.
 * `caller`: anybody who proves who they are. `owner`: the owner's token or browser, never a token with a name. Scopes: the owner,
 * and tokens with one of them; `admin` stands for each.
 */
export type Access = "anyone" | "app-address" | "caller" | "owner" | readonly Scope[];

/** Every HTTP route. The guard obeys this table, and the gateway does not start with a route that has no row, or a row without a route. */
export const routeAccess: Readonly<Record<string, Access>> = {
  "GET /": "anyone",
  "HEAD /": "anyone",
  "GET /login": "anyone",
  "GET /healthz": "anyone",
  "GET /readyz": "anyone",
  "GET /a/:token/*": "app-address",
  "HEAD /a/:token/*": "app-address",

  "GET /assets/*": "caller",
  "HEAD /assets/*": "caller",
  "GET /:file(^[a-z0-9-]+\\.[a-z0-9]+$)": "caller",
  "HEAD /:file(^[a-z0-9-]+\\.[a-z0-9]+$)": "caller",
  "GET /api/v1/openapi.json": "caller",
  "GET /api/v1/status": "caller",
  "GET /api/v1/ws": "caller",

  "POST /api/v1/messages": ["messages"],
  "GET /api/v1/sessions": ["read", "messages"],
  "GET /api/v1/sessions/:session": ["read", "messages"],
  "GET /api/v1/sessions/:session/events": ["read", "messages"],
  "POST /api/v1/sessions/:session/stop": ["messages"],
  "POST /api/v1/sessions/:session/retry": ["messages"],
  "POST /v1/chat/completions": ["messages"],
  "GET /v1/models": ["read", "messages"],
  "GET /v1/models/:model": ["read", "messages"],

  "GET /api/v1/files/*": ["read", "files"],
  "HEAD /api/v1/files/*": ["read", "files"],
  "PUT /api/v1/files/*": ["files"],
  "DELETE /api/v1/files/*": ["files"],
  "POST /api/v1/files/move": ["files"],
  "GET /api/v1/history": ["read", "files"],
  "POST /api/v1/undo": ["admin"],
  "POST /api/v1/redo": ["admin"],

  "GET /api/v1/apps": ["read", "apps"],
  "POST /api/v1/apps/:app/open": ["apps"],
  "POST /api/v1/apps/:app/storage": ["apps"],
  "POST /api/v1/apps/:app/query": ["apps"],
  "GET /api/v1/apps/:app/files/*": ["read", "apps"],
  "HEAD /api/v1/apps/:app/files/*": ["read", "apps"],
  "PUT /api/v1/apps/:app/files/*": ["apps"],
  "DELETE /api/v1/apps/:app/files/*": ["apps"],

  "GET /api/v1/activity": ["admin"],
  "GET /api/v1/activity/verify": ["admin"],
  "GET /api/v1/activity/export": ["admin"],
  "GET /api/v1/logs": ["admin"],
  "GET /metrics": ["admin"],

  "GET /api/v1/approvals": "owner",
  "POST /api/v1/approvals/:ask": "owner",
  "GET /api/v1/secrets": "owner",
  "PUT /api/v1/secrets/:name": "owner",
  "DELETE /api/v1/secrets/:name": "owner",
  "POST /api/v1/links": "owner",
  "GET /api/v1/devices": "owner",
  "DELETE /api/v1/devices/:device": "owner",
  "POST /api/v1/tokens": "owner",
  "GET /api/v1/tokens": "owner",
  "POST /api/v1/tokens/:token/rotate": "owner",
  "DELETE /api/v1/tokens/:token": "owner",
  "POST /api/v1/tokens/owner/rotate": "owner",
};

/** What no route fits is told to callers only: strangers don't learn what there is. */
export const unknownRouteAccess: Access = "caller";

/** Every frame that a client may send over its WebSocket. */
export const frameAccess: Readonly<Record<ClientFrame["type"], Access>> = {
  send: ["messages"],
  stop: ["messages"],
  "watch-session": ["read", "messages"],
  "unwatch-session": ["read", "messages"],
  "watch-files": ["read", "files"],
  ping: "caller",
};

/** What the socket tells unasked: that what waits for the owner changed. */
export const approvalsAccess: Access = "owner";

/** What the socket tells unasked: which sessions run. */
export const sessionStateAccess: Access = ["read", "messages"];

/**
 * Every call of an app over its message port, and the route that the shell asks for it with the owner's own rights; `shell`: the
 * shell answers it alone. The port is the app's only door: its address opens none of these routes.
 */
export const bridgeAccess: Readonly<Record<BridgeRequest["do"], string>> = {
  "storage.get": "POST /api/v1/apps/:app/storage",
  "storage.set": "POST /api/v1/apps/:app/storage",
  "storage.delete": "POST /api/v1/apps/:app/storage",
  "storage.keys": "POST /api/v1/apps/:app/storage",
  "sql.query": "POST /api/v1/apps/:app/query",
  "files.read": "GET /api/v1/apps/:app/files/*",
  "files.write": "PUT /api/v1/apps/:app/files/*",
  "files.list": "GET /api/v1/apps/:app/files/*",
  notify: "shell",
  ask: "POST /api/v1/messages",
  report: "shell",
  keep: "shell",
};

/** Every tool. The model alone calls them, so whoever may hand in a message may cause them; no route runs one directly. */
export const toolAccess: Readonly<Record<string, string>> = {
  read_file: "POST /api/v1/messages",
  write_file: "POST /api/v1/messages",
  edit_file: "POST /api/v1/messages",
  list_files: "POST /api/v1/messages",
  search_files: "POST /api/v1/messages",
  move_file: "POST /api/v1/messages",
  delete_file: "POST /api/v1/messages",
  undo: "POST /api/v1/messages",
  remember: "POST /api/v1/messages",
  run_command: "POST /api/v1/messages",
  web_fetch: "POST /api/v1/messages",
  web_search: "POST /api/v1/messages",
  read_process: "POST /api/v1/messages",
  stop_process: "POST /api/v1/messages",
};
