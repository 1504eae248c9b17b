import type { Change } from "@matrix-os/contracts/file/written.event";
import { CONFIG_FILE_PATH } from "@matrix-os/contracts/home/config-file";
import type { DispatcherDeps } from "../deps.ts";

/** The owner's settings are read again before the next message after they changed. */
export function fileWritten(change: Change, { modes }: Pick<DispatcherDeps, "modes">): void {
  const mayBeHidden = change.pathCount > change.paths.length;
  if (mayBeHidden || change.paths.some(({ path }) => path === CONFIG_FILE_PATH)) modes.forget();
}
