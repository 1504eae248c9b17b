import type { Origin } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import type { FastifyRequest } from "fastify";
import { toOrigin } from "../auth/caller.ts";

/** Who the sender of a request is to the rest of the system. Errors: `denied` when nobody is known to have sent it. */
export function originOf({ caller }: Pick<FastifyRequest, "caller">): Origin {
  if (caller !== undefined) return toOrigin(caller);
  throw rejected("denied", "nobody is known to have sent this");
}
