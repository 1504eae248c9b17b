import type { DispatcherDeps } from "../deps.ts";

/** A turn that ended may have left an answer in the outbox. */
export function kernelTurnFinished(_event: unknown, { outbox }: Pick<DispatcherDeps, "outbox">): void {
  outbox.wake();
}
