import { join } from "node:path";
import { CONFIG_FILE_PATH } from "@matrix-os/contracts/home/config-file";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes, Failure } from "../failure.ts";
import { readConfigFile, writeConfigFile } from "../settings/config-store.ts";
import {
  checkConfig,
  type Fault,
  getSetting,
  readConfigText,
  type Reading,
  toCandidates,
  withSetting,
} from "../settings/config-text.ts";

type GoodReading = Extract<Reading, { ok: true }>;

/** Shows all settings, those that were never set with their defaults. */
export async function showConfig(cli: Cli): Promise<ExitCode> {
  const { settings } = await readSettings(cli);
  showResult(cli, settings, () => `${JSON.stringify(settings, undefined, 2)}\n`);
  return exitCodes.done;
}

/** Shows one setting by its dotted key. */
export async function getConfig(cli: Cli, key: string): Promise<ExitCode> {
  const value = getSetting((await readSettings(cli)).settings, key);
  if (value === undefined)
    throw new Failure(`${key} is not set.`, { exitCode: exitCodes.failed, code: "not-found", field: key });
  showResult(
    cli,
    { key, value },
    () => `${typeof value === "string" ? cli.terminal.out.name(value) : JSON.stringify(value)}\n`,
  );
  return exitCodes.done;
}

/** Changes one setting, or takes it out when the word is undefined. A value that does not fit is refused, naming the field. */
export async function setConfig(cli: Cli, key: string, word: string | undefined): Promise<ExitCode> {
  const stored = await readConfigFile(cli.api);
  const { raw } = toGoodReading(readConfigText(stored.text));
  const readings = (word === undefined ? [undefined] : toCandidates(word)).map((value) =>
    checkConfig(withSetting(raw, key, value)),
  );
  const reading = readings.find(({ ok }) => ok) ?? readings[0];
  if (reading === undefined || !reading.ok) throw toFaultFailure(reading?.faults ?? []);
  await writeConfigFile(cli.api, reading.raw, stored);
  const value = getSetting(reading.settings, key);
  showResult(
    cli,
    { key, value: value ?? null },
    () => `${key} ${value === undefined ? "is not set now" : `= ${JSON.stringify(value)}`}\n`,
  );
  return exitCodes.done;
}

/** Prints where the settings are kept. */
export function showConfigPath(cli: Cli): ExitCode {
  const path = join(cli.config.home, CONFIG_FILE_PATH);
  showResult(cli, { path }, () => `${path}\n`);
  return exitCodes.done;
}

/** Tells everything that is wrong with the settings. 1 when something is. */
export async function checkConfigFile(cli: Cli): Promise<ExitCode> {
  const reading = readConfigText((await readConfigFile(cli.api)).text);
  const faults = reading.ok ? [] : reading.faults;
  showResult(cli, { ok: reading.ok, faults }, () =>
    reading.ok
      ? `${CONFIG_FILE_PATH} is fine.\n`
      : faults.map((fault) => `${cli.terminal.out.name(toFaultText(fault))}\n`).join(""),
  );
  return reading.ok ? exitCodes.done : exitCodes.failed;
}

async function readSettings(cli: Cli): Promise<GoodReading> {
  return toGoodReading(readConfigText((await readConfigFile(cli.api)).text));
}

function toGoodReading(reading: Reading): GoodReading {
  if (reading.ok) return reading;
  const { problem, message } = toFaultFailure(reading.faults);
  throw new Failure(`${CONFIG_FILE_PATH} can't be used: ${message}`, {
    ...problem,
    exitCode: exitCodes.failed,
    remedy: `See everything that is wrong with \`matrixos config check\`, then repair the file or go back with \`matrixos undo\`.`,
  });
}

function toFaultFailure(faults: readonly Fault[]): Failure {
  const [first] = faults;
  const sentence = first === undefined ? "The setting does not fit." : toFaultText(first);
  return new Failure(sentence, {
    exitCode: exitCodes.failed,
    code: "invalid",
    title: "A setting does not fit",
    field: first?.field,
  });
}

function toFaultText({ field, sentence }: Fault): string {
  return field === "" ? sentence : `${field}: ${sentence}`;
}
