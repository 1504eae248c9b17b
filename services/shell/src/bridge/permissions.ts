import type { BridgeRequest } from "@matrix-os/contracts/app/bridge";
import type { AppPermission } from "@matrix-os/contracts/app/manifest";

const needed: Readonly<Record<BridgeRequest["do"], AppPermission | "none">> = {
  "storage.get": "storage",
  "storage.set": "storage",
  "storage.delete": "storage",
  "storage.keys": "storage",
  "sql.query": "sql",
  "files.read": "files",
  "files.write": "files",
  "files.list": "files",
  notify: "notifications",
  ask: "ask",
  report: "none",
  keep: "none",
};

/** The permission that a request needs and the manifest does not give; undefined when it may go on. */
export function findMissingPermission(
  request: BridgeRequest,
  granted: readonly AppPermission[],
): AppPermission | undefined {
  const permission = needed[request.do];
  return permission === "none" || granted.includes(permission) ? undefined : permission;
}
