import {
  type ApiToken,
  createTokenRoute,
  type FreshToken,
  listTokensRoute,
  removeTokenRoute,
  rotateOwnerTokenRoute,
  rotateTokenRoute,
  scopes,
} from "@matrix-os/contracts/api/tokens";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes, usageFailure } from "../failure.ts";
import { toMoment, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

const DAY_MS = 86_400_000;

/** Makes a token and prints it, this once; only the token goes to standard output. */
export async function createToken(
  cli: Cli,
  name: string,
  options: { readonly scopes?: string; readonly days?: string },
): Promise<ExitCode> {
  const wanted = (options.scopes ?? "read").split(",").map((word) => word.trim());
  const unknown = wanted.find((word) => !scopes.some((scope) => scope === word));
  if (unknown !== undefined) throw usageFailure(`There is no scope «${unknown}».`, `Scopes are: ${scopes.join(", ")}.`);
  const body = { name, scopes: wanted, ...toEnd(options.days) };
  return showFresh(cli, await cli.api.call(createTokenRoute, { body }));
}

/** Lists tokens, without their secrets. */
export async function listTokens(cli: Cli): Promise<ExitCode> {
  const list = await cli.api.call(listTokensRoute, {});
  showResult(cli, list, ({ tokens }) => toTokenTable(tokens, cli.terminal.out, new Date()));
  return exitCodes.done;
}

/** Gives a token a new secret and prints it. */
export async function rotateToken(cli: Cli, id: string): Promise<ExitCode> {
  return showFresh(cli, await cli.api.call(rotateTokenRoute, { params: { token: id } }));
}

/** Ends a token. */
export async function removeToken(cli: Cli, id: string): Promise<ExitCode> {
  await cli.api.open(removeTokenRoute, { params: { token: id } });
  showResult(cli, { removed: id }, () => `Removed ${id}.\n`);
  return exitCodes.done;
}

/** Gives the owner a new token and prints it. */
export async function rotateOwnerToken(cli: Cli): Promise<ExitCode> {
  const renewed = await cli.api.call(rotateOwnerTokenRoute, {});
  showResult(cli, renewed, ({ token }) => `${token}\n`);
  if (!cli.json)
    cli.terminal.note(
      cli.terminal.err.dim("It stands in the token file too; the old one is refused. Browsers stay logged in."),
    );
  return exitCodes.done;
}

function toEnd(days: string | undefined): { expiresAt?: string } {
  if (days === undefined) return {};
  if (!/^\d{1,5}$/.test(days) || Number(days) === 0)
    throw usageFailure(`--days is «${days}», but it must be a number of days.`, "For example: --days 30");
  return { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
}

function showFresh(cli: Cli, fresh: FreshToken): ExitCode {
  showResult(cli, fresh, ({ token }) => `${token}\n`);
  if (!cli.json)
    cli.terminal.note(
      cli.terminal.err.dim(`Keep it: it is not shown again. Renew or remove it by its id, ${fresh.id}.`),
    );
  return exitCodes.done;
}

/** Tokens as a table, or a sentence when there are none. */
function toTokenTable(tokens: readonly ApiToken[], paint: Paint, now: Date): string {
  if (tokens.length === 0) return "No tokens. Make one with: matrixos token create backup --scopes read,files\n";
  return toTable(
    tokens.map(({ id, name, scopes: may, expiresAt, lastUsedAt }) => [
      id,
      may.join(","),
      expiresAt === undefined ? "no end" : `until ${toMoment(expiresAt, now)}`,
      lastUsedAt === undefined ? "never used" : `used ${toMoment(lastUsedAt, now)}`,
      paint.name(name),
    ]),
  );
}
