import type { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import type { z } from "zod";
import type { ToolsDeps } from "../deps.ts";

/** How commands are confined here; waits for the trial at the start. */
export async function describe(
  _request: z.infer<typeof describeToolsRequest.request>,
  deps: ToolsDeps,
): Promise<z.infer<typeof describeToolsRequest.reply>> {
  const { report } = await deps.sandbox;
  return { sandbox: report, running: deps.commands.list().filter(({ end }) => end === undefined).length };
}
