import { MAX_OUTPUT_PART_BYTES } from "@matrix-os/contracts/tools/process";
import type { readProcessRequest } from "@matrix-os/contracts/tools/read-process.request";
import type { z } from "zod";
import { toText } from "../command/shown-output.ts";
import type { ToolsDeps } from "../deps.ts";
import { toView } from "../process/command-table.ts";

type Request = z.infer<typeof readProcessRequest.request>;
type Reply = z.infer<typeof readProcessRequest.reply>;

/** A part of a command's output, and how it stands. */
export async function readProcess(request: Request, deps: ToolsDeps): Promise<Reply> {
  const command = deps.commands.find(request.process);
  const part = command.output.read(request.offset, MAX_OUTPUT_PART_BYTES);
  return {
    view: toView(command),
    output: toText(part),
    nextOffset: Math.min(request.offset, command.output.size()) + part.length,
    ...(command.returned === undefined ? {} : { returned: command.returned }),
  };
}
