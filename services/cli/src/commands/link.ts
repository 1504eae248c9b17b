import { createLinkRoute } from "@matrix-os/contracts/api/links";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { toMoment } from "../terminal/lines.ts";

/** Prints a login link for a browser; only the address goes to standard output. */
export async function link(cli: Cli): Promise<ExitCode> {
  const made = await cli.api.call(createLinkRoute, {});
  showResult(cli, made, ({ url }) => `${url}\n`);
  if (cli.terminal.isInteractive && !cli.json) {
    cli.terminal.note(cli.terminal.err.dim(`It opens once, until ${toMoment(made.expiresAt, new Date())}.`));
  }
  return exitCodes.done;
}
