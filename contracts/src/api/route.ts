import type { z } from "zod";

/** The methods that routes use. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** One REST route, as the gateway serves it and a client calls it. `path` names its parameters as `:name`; `*` is the rest. */
export interface Route<Query = unknown, Body = unknown, Reply = unknown> {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  /** What the query string may hold, after parsing. */
  readonly query?: z.ZodType<Query>;
  /** The JSON body; not set: none, or raw bytes. */
  readonly body?: z.ZodType<Body>;
  /** The JSON answer; not set: none, raw bytes or an event stream. */
  readonly reply?: z.ZodType<Reply>;
  /** The status of success. */
  readonly status: number;
}

/** Where every route of the API begins. */
export const API_BASE = "/api/v1";

/** Declares a route under `/api/v1`; its status is 200 unless told. */
export function defineRoute<Query = never, Body = never, Reply = never>(
  route: Omit<Route<Query, Body, Reply>, "status"> & { readonly status?: number },
): Route<Query, Body, Reply> {
  return { status: 200, ...route, path: `${API_BASE}${route.path}` };
}

/** What a path and a query string are filled with. Values that are not set are left out of the query. */
export interface RouteValues {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** The address of a route with its parameters percent-encoded; for `*` each name between slashes is encoded by itself. */
export function toRouteUrl(route: Pick<Route, "path">, values: RouteValues = {}): string {
  const path = route.path
    .split("/")
    .map((part) => fillPart(part, values.params ?? {}))
    .join("/");
  const query = Object.entries(values.query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return query.length === 0 ? path : `${path}?${query.join("&")}`;
}

function fillPart(part: string, params: Readonly<Record<string, string>>): string {
  if (part === "*") return (params["*"] ?? "").split("/").map(encodeURIComponent).join("/");
  if (!part.startsWith(":")) return part;
  const value = params[part.slice(1)];
  if (value === undefined) throw new TypeError(`the path parameter ${part} has no value`);
  return encodeURIComponent(value);
}
