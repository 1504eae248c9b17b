/** A request for a row of the access table, and the status that whoever is let in gets. */
export interface Sample {
  readonly path: string;
  readonly json?: unknown;
  readonly status: number;
  /** What the rest gets on a row that is open to anyone; not set: the same. */
  readonly strangerStatus?: number;
}

/** One request for each row. What would change the stage for the next cell names something that is not there. */
export const samples: Readonly<Record<string, Sample>> = {
  "GET /": { path: "/", status: 200, strangerStatus: 401 },
  "HEAD /": { path: "/", status: 200, strangerStatus: 401 },
  "GET /login": { path: "/login", status: 401 },
  "GET /healthz": { path: "/healthz", status: 200 },
  "GET /readyz": { path: "/readyz", status: 200 },
  "GET /assets/*": { path: "/assets/index.js", status: 404 },
  "HEAD /assets/*": { path: "/assets/index.js", status: 404 },
  "GET /:file(^[a-z0-9-]+\\.[a-z0-9]+$)": { path: "/icon.svg", status: 404 },
  "HEAD /:file(^[a-z0-9-]+\\.[a-z0-9]+$)": { path: "/icon.svg", status: 404 },
  "GET /api/v1/openapi.json": { path: "/api/v1/openapi.json", status: 200 },
  "GET /api/v1/status": { path: "/api/v1/status", status: 200 },
  "GET /api/v1/ws": { path: "/api/v1/ws", status: 426 },
  "POST /api/v1/messages": { path: "/api/v1/messages", json: { text: "hello", idempotencyKey: "one" }, status: 202 },
  "GET /api/v1/secrets": { path: "/api/v1/secrets", status: 200 },
  "PUT /api/v1/secrets/:name": {
    path: "/api/v1/secrets/SPARE",
    json: { value: "a-value-of-some-length" },
    status: 200,
  },
  "DELETE /api/v1/secrets/:name": { path: "/api/v1/secrets/MISSING", status: 404 },
  "GET /api/v1/sessions": { path: "/api/v1/sessions", status: 200 },
  "GET /api/v1/sessions/:session": { path: "/api/v1/sessions/main", status: 200 },
  "GET /api/v1/sessions/:session/events": { path: "/api/v1/sessions/main/events", status: 200 },
  "POST /api/v1/sessions/:session/stop": { path: "/api/v1/sessions/main/stop", status: 200 },
  "POST /api/v1/sessions/:session/retry": { path: "/api/v1/sessions/main/retry", status: 409 },
  "POST /v1/chat/completions": { path: "/v1/chat/completions", json: {}, status: 400 },
  "GET /v1/models": { path: "/v1/models", status: 200 },
  "GET /v1/models/:model": { path: "/v1/models/matrix-os", status: 200 },
  "GET /api/v1/files/*": { path: "/api/v1/files/a.txt", status: 200 },
  "HEAD /api/v1/files/*": { path: "/api/v1/files/a.txt", status: 200 },
  "PUT /api/v1/files/*": { path: "/api/v1/files/a.txt", json: {}, status: 200 },
  "DELETE /api/v1/files/*": { path: "/api/v1/files/nothing.txt", status: 404 },
  "POST /api/v1/files/move": { path: "/api/v1/files/move", json: { from: "nothing.txt", to: "b.txt" }, status: 404 },
  "GET /api/v1/history": { path: "/api/v1/history", status: 200 },
  "POST /api/v1/undo": { path: "/api/v1/undo", status: 200 },
  "POST /api/v1/redo": { path: "/api/v1/redo", status: 200 },
  "GET /api/v1/apps": { path: "/api/v1/apps", status: 200 },
  "POST /api/v1/apps/:app/open": { path: "/api/v1/apps/water/open", status: 200 },
  "POST /api/v1/apps/:app/storage": { path: "/api/v1/apps/water/storage", json: { do: "keys" }, status: 200 },
  "POST /api/v1/apps/:app/query": {
    path: "/api/v1/apps/water/query",
    json: { statement: { text: "select 1" } },
    status: 200,
  },
  "GET /api/v1/apps/:app/files/*": { path: "/api/v1/apps/water/files/a.txt", status: 200 },
  "HEAD /api/v1/apps/:app/files/*": { path: "/api/v1/apps/water/files/a.txt", status: 200 },
  "PUT /api/v1/apps/:app/files/*": { path: "/api/v1/apps/water/files/a.txt", json: {}, status: 200 },
  "DELETE /api/v1/apps/:app/files/*": { path: "/api/v1/apps/water/files/nothing.txt", status: 404 },
  "GET /api/v1/activity": { path: "/api/v1/activity", status: 200 },
  "GET /api/v1/activity/verify": { path: "/api/v1/activity/verify", status: 200 },
  "GET /api/v1/activity/export": { path: "/api/v1/activity/export", status: 200 },
  "GET /api/v1/logs": { path: "/api/v1/logs", status: 200 },
  "GET /metrics": { path: "/metrics", status: 200 },
  "POST /api/v1/links": { path: "/api/v1/links", status: 201 },
  "GET /api/v1/devices": { path: "/api/v1/devices", status: 200 },
  "DELETE /api/v1/devices/:device": { path: `/api/v1/devices/${"0".repeat(64)}`, status: 404 },
  "POST /api/v1/tokens": { path: "/api/v1/tokens", json: { name: "one", scopes: ["read"] }, status: 201 },
  "GET /api/v1/tokens": { path: "/api/v1/tokens", status: 200 },
  "POST /api/v1/tokens/:token/rotate": { path: `/api/v1/tokens/${"0".repeat(16)}/rotate`, status: 404 },
  "DELETE /api/v1/tokens/:token": { path: `/api/v1/tokens/${"0".repeat(16)}`, status: 404 },
  "POST /api/v1/tokens/owner/rotate": { path: "/api/v1/tokens/owner/rotate", status: 200 },
};
