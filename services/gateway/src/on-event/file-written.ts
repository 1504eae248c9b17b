import type { Change } from "@matrix-os/contracts/file/written.event";
import type { GatewayDeps } from "../deps.ts";

/** A change of the home goes to every shell that watches the files. */
export function fileWritten(change: Change, deps: GatewayDeps): void {
  deps.home.tell(change);
}
