import { type SecretList, listSecretsRoute, removeSecretRoute, setSecretRoute } from "@matrix-os/contracts/api/secrets";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes, usageFailure } from "../failure.ts";
import { toMoment, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";
import { readSecret } from "../terminal/read-secret.ts";

/** How a value is kept. */
interface Keeping {
  readonly expect: "any" | "present";
}

/** Keeps a value, read from standard input or a hidden prompt; never from the command line, which others can see. */
export async function setSecret(cli: Cli, name: string, keeping: Keeping): Promise<ExitCode> {
  const value = await readSecret(cli.streams, `Value of ${name} (hidden): `);
  if (value === "")
    throw usageFailure(
      "There is no value: nothing came on standard input.",
      `printf %s "…" | matrixos secret set ${name}`,
    );
  const kept = await cli.api.call(setSecretRoute, { params: { name }, body: { value, ...keeping } });
  showResult(cli, kept, ({ version }) => `${name} is kept (version ${version}) and counts at once.\n`);
  return exitCodes.done;
}

/** Lists secrets by name. */
export async function listSecrets(cli: Cli): Promise<ExitCode> {
  const list = await cli.api.call(listSecretsRoute, {});
  showResult(cli, list, (shown) => toSecretTable(shown, cli.terminal.out, new Date()));
  return exitCodes.done;
}

/** Forgets a secret. */
export async function removeSecret(cli: Cli, name: string): Promise<ExitCode> {
  (await cli.api.open(removeSecretRoute, { params: { name } })).resume();
  showResult(cli, { name }, () => `${name} is forgotten.\n`);
  return exitCodes.done;
}

function toSecretTable({ secrets, keyIn }: SecretList, paint: Paint, now: Date): string {
  if (secrets.length === 0) return "The vault is empty.\n";
  const rows = secrets.map(({ name, setAt, version, readers }) => [
    paint.name(name),
    toMoment(setAt, now),
    `version ${version}`,
    readers.length === 0 ? "read by nobody" : `read by ${readers.join(", ")}`,
  ]);
  const place = keyIn === "keyring" ? "your keyring" : "a file in the state directory";
  return `${toTable(rows)}${paint.dim(`The vault's key is in ${place}.`)}\n`;
}
