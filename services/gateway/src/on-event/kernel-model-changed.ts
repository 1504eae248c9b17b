import type { modelChangedEvent } from "@matrix-os/contracts/kernel/model-changed.event";
import type { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

/** Every open shell shows which model answers. */
export function kernelModelChanged(
  { model, provider }: z.infer<typeof modelChangedEvent.body>,
  deps: Pick<GatewayDeps, "models">,
): void {
  deps.models.tell({ model, rehearsal: provider === "rehearsal" });
}
