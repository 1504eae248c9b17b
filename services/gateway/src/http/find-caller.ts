import type { FastifyRequest } from "fastify";
import type { Caller } from "../auth/caller.ts";
import { readCredentials } from "../auth/credentials.ts";
import { isSameSecret, toDigest } from "../auth/secrets.ts";
import type { HttpDeps } from "./http-deps.ts";

type Kept = Pick<HttpDeps, "ownerToken" | "apiTokens" | "devices">;

/** The caller of a request; `wrong` when what it shows is not valid. */
export async function findCaller(request: FastifyRequest, deps: HttpDeps): Promise<Caller | "none" | "wrong"> {
  const credentials = readCredentials(request.headers, deps.address.cookieName);
  switch (credentials.kind) {
    case "none":
      return "none";
    case "token":
      return (await findByToken(credentials.token, deps)) ?? "wrong";
    case "cookie": {
      const device = await deps.devices.find(credentials.value, Date.now());
      return device === undefined ? "wrong" : { kind: "device", id: device.id };
    }
    default:
      return credentials satisfies never;
  }
}

async function findByToken(token: string, deps: Kept): Promise<Caller | undefined> {
  const ownerToken = await deps.ownerToken.read(Date.now());
  if (ownerToken !== undefined && isSameSecret(token, ownerToken)) return { kind: "owner", digest: toDigest(token) };
  const record = await deps.apiTokens.find(token, Date.now());
  if (record === undefined) return undefined;
  const { id, digest, name, scopes } = record;
  return { kind: "token", id, digest, name, scopes };
}

/** Whether what a caller once showed would still let it in. */
export async function isStillIn(caller: Caller, deps: Kept): Promise<boolean> {
  switch (caller.kind) {
    case "owner": {
      const token = await deps.ownerToken.read(Date.now());
      return token !== undefined && isSameSecret(caller.digest, toDigest(token));
    }
    case "device":
      return (await deps.devices.findById(caller.id, Date.now())) !== undefined;
    case "token": {
      const record = await deps.apiTokens.findById(caller.id, Date.now());
      return record !== undefined && isSameSecret(record.digest, caller.digest);
    }
    default:
      return caller satisfies never;
  }
}
