import { rejected } from "@matrix-os/contracts/errors";
import type { FastifyRequest } from "fastify";
import { mayUsePath } from "../auth/may.ts";

/** Keeps a token off the parts of the home that its scopes don't open. Errors: `denied`. */
export function needPath({ caller }: Pick<FastifyRequest, "caller">, path: string, how: "look" | "change"): void {
  if (caller !== undefined && mayUsePath(caller, path, how)) return;
  throw rejected("denied", "this token may not use this part of the home", { field: "path" });
}
