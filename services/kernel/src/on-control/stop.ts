import type { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import type { z } from "zod";
import type { KernelDeps } from "../deps.ts";

/** Stops the turn that this process runs for the session; other processes hear the same and have nothing to stop. */
export function stop(control: z.infer<typeof stopControl.body>, deps: Pick<KernelDeps, "running">): void {
  const running = deps.running.get(control.session);
  if (running !== undefined && control.turns.includes(running.turn)) running.stop.abort();
}
