import type { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Gives a role to the caller under a new epoch. */
export function takeLead(
  { role, owner }: z.infer<typeof takeLeadRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof takeLeadRequest.reply>> {
  return deps.onDisk("leads", async () => ({ epoch: await deps.leads.take(role, owner) }));
}
