import type { listProcessesRequest } from "@matrix-os/contracts/tools/list-processes.request";
import type { z } from "zod";
import type { ToolsDeps } from "../deps.ts";
import { toView } from "../process/command-table.ts";

/** The commands that run or ended lately, newest first. */
export async function listProcesses(
  _request: z.infer<typeof listProcessesRequest.request>,
  deps: ToolsDeps,
): Promise<z.infer<typeof listProcessesRequest.reply>> {
  return { processes: deps.commands.list().map(toView) };
}
