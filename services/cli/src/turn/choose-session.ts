import { listSessionsRoute } from "@matrix-os/contracts/api/session";
import type { Cli } from "../cli.ts";
import { exitCodes, Failure, usageFailure } from "../failure.ts";

/** How a command line names a session; nothing at all means a new one. */
export interface SessionChoice {
  readonly session?: string;
  /** The session that changed last. */
  readonly continue?: boolean;
}

/** The chosen session's id; undefined for a new one. */
export async function chooseSession(cli: Cli, choice: SessionChoice): Promise<string | undefined> {
  if (choice.continue !== true) return choice.session;
  if (choice.session !== undefined) throw usageFailure("Either --session or --continue, not both.");
  const { sessions } = await cli.api.call(listSessionsRoute, { query: { limit: 1 } });
  const [last] = sessions;
  if (last !== undefined) return last.id;
  throw new Failure("There is no session to go on with.", {
    exitCode: exitCodes.failed,
    code: "not-found",
    remedy: "Leave out --continue to begin one.",
  });
}
