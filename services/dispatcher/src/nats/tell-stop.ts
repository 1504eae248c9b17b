import type { Bus } from "@matrix-os/bus";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { stopCommandsControl } from "@matrix-os/contracts/tools/stop.control";

/** Tells whoever works on these turns now to stop: the worker, and the runner of its commands. The files say the same durably. */
export function tellStop(bus: Bus, session: string, turns: string[]): void {
  bus.control(stopControl, session, { session, turns });
  bus.control(stopCommandsControl, session, { session, turns });
}
