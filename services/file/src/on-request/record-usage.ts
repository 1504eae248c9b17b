import type { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Adds to a day's usage and answers its sum. */
export function recordUsage(
  request: z.infer<typeof recordUsageRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof recordUsageRequest.reply>> {
  return deps.onDisk("usage", () => ({ total: deps.usage.add(request.day, request.usage) }));
}
