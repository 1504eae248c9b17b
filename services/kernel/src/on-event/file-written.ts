import type { Change } from "@matrix-os/contracts/file/written.event";
import type { KernelDeps } from "../deps.ts";

/** SOUL, memory, skills and settings are read again before the next turn after they changed. */
export function fileWritten(change: Change, deps: Pick<KernelDeps, "home">): void {
  if (change.pathCount > change.paths.length) deps.home.forget();
  for (const { path } of change.paths) deps.home.notice(path);
}
