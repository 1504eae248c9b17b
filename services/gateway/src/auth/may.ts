import type { Access } from "./access-table.ts";
import type { Caller } from "./caller.ts";

/** Whether a caller may do what has this access. */
export function may(caller: Caller, access: Access): boolean {
  if (access === "anyone" || access === "caller") return true;
  if (access === "app-address") return false;
  if (caller.kind !== "token") return true;
  if (access === "owner") return false;
  return caller.scopes.some((scope) => scope === "admin" || access.includes(scope));
}

/** What makes the system what it is: a token changes it with `admin` only. */
const SYSTEM = /^(system|agents|skills)(\/|$)/i;
/** Conversations and the like. */
const INNER = /^system(\/|$)/i;

/** Whether a caller, who may use files at all, may look at this path of the home, or change it. */
export function mayUsePath(caller: Caller, path: string, how: "look" | "change"): boolean {
  if (how === "change") return !SYSTEM.test(path) || may(caller, ["admin"]);
  return !INNER.test(path) || may(caller, ["read"]);
}
