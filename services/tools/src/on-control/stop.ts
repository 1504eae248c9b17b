import type { stopCommandsControl } from "@matrix-os/contracts/tools/stop.control";
import type { z } from "zod";
import type { ToolsDeps } from "../deps.ts";
import { killCommand } from "../process/command-table.ts";

/** Kills the commands of these turns; without turns, all of the session. */
export function stop({ session, turns }: z.infer<typeof stopCommandsControl.body>, deps: ToolsDeps): void {
  for (const command of deps.commands.list()) {
    const { origin } = command;
    const isMeant = turns.length === 0 || (origin.turn !== undefined && turns.includes(origin.turn));
    if (origin.session === session && isMeant) killCommand(command, "stopped");
  }
}
