import {
  queryAppRoute,
  readAppFileRoute,
  useAppStorageRoute as appStorageRoute,
  writeAppFileRoute,
} from "@matrix-os/contracts/api/app";
import { type RouteValues, toRouteUrl } from "@matrix-os/contracts/api/route";
import type { BridgeRequest } from "@matrix-os/contracts/app/bridge";
import { rejected } from "@matrix-os/contracts/errors";
import { call, send } from "../live/rest.ts";

/** Requests that the gateway answers. */
export type DataRequest = Extract<BridgeRequest, { do: `storage.${string}` | "sql.query" | `files.${string}` }>;

/** A file read into an app may have this many bytes. */
const MAX_READ_BYTES = 2_000_000;

/** Does what an app asks of its own data; nothing here can name another app. Errors: `RequestError`, `OsError`. */
export async function answerDataRequest(app: string, request: DataRequest): Promise<unknown> {
  const params = { app };
  switch (request.do) {
    case "storage.get": {
      const { value } = await call(appStorageRoute, { params, body: { do: "get", key: request.key } });
      return value ?? null;
    }
    case "storage.set":
      await call(appStorageRoute, { params, body: { do: "set", key: request.key, value: request.value } });
      return null;
    case "storage.delete":
      await call(appStorageRoute, { params, body: { do: "delete", key: request.key } });
      return null;
    case "storage.keys": {
      const { keys } = await call(appStorageRoute, { params, body: { do: "keys" } });
      return keys ?? [];
    }
    case "sql.query":
      return await call(queryAppRoute, { params, body: { statement: request.statement } });
    case "files.read":
      return await readText(await send(toRouteUrl(readAppFileRoute, toFile(app, request.path))));
    case "files.write":
      await send(toRouteUrl(writeAppFileRoute, toFile(app, request.path)), { method: "PUT", body: request.content });
      return null;
    case "files.list":
      return await (
        await send(toRouteUrl(readAppFileRoute, { ...toFile(app, request.path), query: { list: 1 } }))
      ).json();
    default:
      return request satisfies never;
  }
}

function toFile(app: string, path: string): RouteValues {
  return { params: { app, "*": path } };
}

async function readText(response: Response): Promise<string> {
  if (Number(response.headers.get("content-length") ?? 0) > MAX_READ_BYTES) {
    throw rejected("too-large", `an app can read files of up to ${MAX_READ_BYTES} bytes`);
  }
  return await response.text();
}
