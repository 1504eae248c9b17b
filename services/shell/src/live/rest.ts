import { API_BASE, type Route, type RouteValues, toRouteUrl } from "@matrix-os/contracts/api/route";
import { noteConnection } from "../state/connection-store.ts";
import { RequestError, fromResponse } from "./failure.ts";

const DEADLINE_MS = 35_000;

/** What a call is filled with; the body is what stands before the route's defaults are put in. */
export interface CallValues extends RouteValues {
  readonly body?: unknown;
}

/** Calls a route of the API. Errors: `RequestError`; a 401 also ends the connection. The answer comes from our own gateway and is trusted. */
export async function call<Query, Body, Reply>(
  route: Route<Query, Body, Reply>,
  values: CallValues = {},
): Promise<Reply> {
  const response = await send(toRouteUrl(route, values), {
    method: route.method,
    ...(values.body === undefined
      ? {}
      : { body: JSON.stringify(values.body), headers: { "content-type": "application/json" } }),
  });
  return (response.status === 204 ? undefined : await response.json()) as Reply;
}

/** Sends a request with this browser's cookie. Errors: `RequestError`. */
export async function send(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await reach(url, init);
  if (response.ok) return response;
  if (response.status === 401) noteConnection("refused");
  throw new RequestError(await fromResponse(response));
}

/** Where a file of the home is read and written. */
export function toFileUrl(path: string): string {
  return toRouteUrl({ path: `${API_BASE}/files/*` }, { params: { "*": path } });
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  const signal = init.signal ?? AbortSignal.timeout(DEADLINE_MS);
  try {
    return await fetch(url, { ...init, signal, credentials: "same-origin", redirect: "error" });
  } catch (cause) {
    throw new RequestError({ code: "offline", detail: `${url} can't be reached` }, { cause });
  }
}
