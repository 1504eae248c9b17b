import type { stopProcessRequest } from "@matrix-os/contracts/tools/stop-process.request";
import type { z } from "zod";
import type { ToolsDeps } from "../deps.ts";
import { killCommand, toView } from "../process/command-table.ts";

type Request = z.infer<typeof stopProcessRequest.request>;
type Reply = z.infer<typeof stopProcessRequest.reply>;

/** Kills a command and waits until its folder is returned. */
export async function stopProcess(request: Request, deps: ToolsDeps): Promise<Reply> {
  const command = deps.commands.find(request.process);
  killCommand(command, "stopped");
  await command.finished.promise;
  return { view: toView(command), ...(command.returned === undefined ? {} : { returned: command.returned }) };
}
