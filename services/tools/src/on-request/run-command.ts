import { randomBytes } from "node:crypto";
import { rejected } from "@matrix-os/contracts/errors";
import type { Returned } from "@matrix-os/contracts/tools/process";
import type { runCommandRequest } from "@matrix-os/contracts/tools/run-command.request";
import type { z } from "zod";
import { commandLimits, serviceLimits } from "../command/limits.ts";
import { toHeadAndTail } from "../command/shown-output.ts";
import type { ToolsDeps } from "../deps.ts";
import { type Command, toView } from "../process/command-table.ts";
import { carryOut } from "./carry-out.ts";

type Request = z.infer<typeof runCommandRequest.request>;
type Reply = z.infer<typeof runCommandRequest.reply>;

/** Runs a command in the sandbox and waits for its end and the return of its folder; one in the background only for its start. */
export async function runCommand(request: Request, deps: ToolsDeps): Promise<Reply> {
  const sandbox = await deps.sandbox;
  refuseWithoutSandbox(sandbox.report);
  const { command: given, folder, background, origin } = request;
  const shown = (typeof given === "string" ? given : given.join(" ")).slice(0, serviceLimits.shownCommandChars);
  const id = `p_${randomBytes(6).toString("hex")}`;
  const command = deps.commands.reserve({ id, shown, folder, background, origin }, commandLimits.outputBytes);
  const standard = background ? serviceLimits.backgroundSeconds : serviceLimits.waitSeconds;
  const started = await carryOut(
    command,
    { argv: toArgv(given), timeoutSeconds: request.timeoutSeconds ?? standard, sandbox },
    deps,
  );
  if (!background) await started.finished;
  return toReply(command);
}

/** Errors: `no-sandbox`, with the remedy. */
function refuseWithoutSandbox(report: Awaited<ToolsDeps["sandbox"]>["report"]): void {
  if (report.level !== "none") return;
  const reason = report.why.join(" ");
  throw rejected("no-sandbox", `commands are refused, no sandbox works here: ${reason} ${report.remedy ?? ""}`);
}

function toArgv(command: Request["command"]): [string, ...string[]] {
  if (typeof command === "string") return ["/bin/sh", "-c", command];
  const [file = "", ...args] = command;
  return [file, ...args];
}

function toReply(command: Command): Reply {
  const { output } = command;
  const returned: Returned | undefined = command.returned;
  return {
    view: toView(command),
    output: toHeadAndTail(output.size(), serviceLimits.shownBytes, output.read),
    ...(returned === undefined ? {} : { returned }),
  };
}
