import type { Scope } from "@matrix-os/contracts/api/tokens";
import type { Origin } from "@matrix-os/contracts/define";

/** Who sends a request. What a caller may do comes from what is kept about it here, never from the request. */
export type Caller =
  /** The holder of the owner's token. */
  | { readonly kind: "owner"; readonly digest: string }
  /** A browser that is logged in. */
  | { readonly kind: "device"; readonly id: string }
  /** The holder of a token with a name. */
  | {
      readonly kind: "token";
      readonly id: string;
      readonly digest: string;
      readonly name: string;
      readonly scopes: readonly Scope[];
    };

/** The caller in a few words, for the activity log. */
export function nameCaller(caller: Caller): string {
  switch (caller.kind) {
    case "owner":
      return "owner";
    case "device":
      return `browser ${caller.id.slice(0, 8)}`;
    case "token":
      return `token ${caller.name}`;
    default:
      return caller satisfies never;
  }
}

/** What tells callers apart where they are counted. */
export function toCallerKey(caller: Caller): string {
  return caller.kind === "owner" ? "owner" : `${caller.kind}:${caller.id}`;
}

/**
 * The caller as the rest of the system knows it. Whoever holds a token with a name is not the owner, whatever its scopes: what
 * it writes and says is somebody else's, and the owner's own places are closed to it as they are to a tool.
 */
export function toOrigin(caller: Caller): Origin {
  return caller.kind === "token" ? { actor: toCallerKey(caller), taint: ["paired"] } : { actor: "owner" };
}
