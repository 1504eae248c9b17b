import { stopSessionRoute } from "@matrix-os/contracts/api/session";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";

/** Stops what a session is doing and what waits in it. */
export async function stop(cli: Cli, session: string): Promise<ExitCode> {
  const stopped = await cli.api.call(stopSessionRoute, { params: { session } });
  showResult(cli, stopped, ({ turns }) => (turns.length === 0 ? "Nothing was running.\n" : "Stopped.\n"));
  return exitCodes.done;
}
