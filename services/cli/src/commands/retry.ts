import { retrySessionRoute } from "@matrix-os/contracts/api/session";
import type { Cli } from "../cli.ts";
import type { ExitCode } from "../failure.ts";
import { beginTurn, readCursor } from "../turn/begin-turn.ts";
import { followTurn, toExitCode } from "../turn/follow-turn.ts";

/** Tries the failed last turn of a session again and shows it. Asking twice begins one turn. */
export async function retry(cli: Cli, session: string): Promise<ExitCode> {
  const after = await readCursor(cli, session);
  const begun = await beginTurn(() => cli.api.call(retrySessionRoute, { params: { session } }), after);
  if (cli.json) {
    const { message, duplicate } = begun;
    cli.terminal.write(`${JSON.stringify({ type: "accepted", session, message, duplicate })}\n`);
  }
  return toExitCode(await followTurn(cli, begun));
}
