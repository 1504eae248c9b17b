import type { FastifyRequest } from "fastify";
import { toCallerKey } from "../auth/caller.ts";
import { needRoom } from "./guard.ts";
import type { HttpDeps } from "./http-deps.ts";

/** Counts a message of a caller before it is handed in. Errors: 429. */
export function takeMessage({ caller }: Pick<FastifyRequest, "caller">, { rates }: Pick<HttpDeps, "rates">): void {
  if (caller !== undefined)
    needRoom(caller.kind === "token" ? rates.tokenMessages : rates.ownerMessages, toCallerKey(caller));
}
