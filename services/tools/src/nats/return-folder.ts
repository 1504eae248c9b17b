import type { Bus } from "@matrix-os/bus";
import type { Origin } from "@matrix-os/contracts/define";
import { toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import type { Returned } from "@matrix-os/contracts/tools/process";
import { serviceLimits } from "../command/limits.ts";

const RETRY_FOR_MS = 10_000;

/** Hands what a command changed back to the home. A failure is told like a refusal: the command itself has run. */
export async function returnFolder(
  bus: Bus,
  from: { readonly workspace: string; readonly folder: string; readonly origin: Origin },
): Promise<Returned> {
  try {
    const done = await bus.request(
      checkInRequest,
      { workspace: from.workspace, origin: from.origin },
      { retryForMs: RETRY_FOR_MS, retryAfter: "not-delivered" },
    );
    return {
      applied: done.applied,
      changed: done.changed.slice(0, serviceLimits.listedPaths),
      changedCount: done.changes,
      conflicts: done.conflicts,
      refused: done.refused,
    };
  } catch (thrown) {
    const { code, message } = toErrorBody(toOsError(thrown));
    const why = `what it changed could not be written back (${code}: ${message})`;
    return { applied: false, changed: [], changedCount: 0, conflicts: [], refused: [{ path: from.folder, why }] };
  }
}
