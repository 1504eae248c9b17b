import { readStatusRoute, type Status } from "@matrix-os/contracts/api/status";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { toDuration, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

/** Shows how the system is. 1 when a part of it is down. */
export async function status(cli: Cli): Promise<ExitCode> {
  const read = await cli.api.call(readStatusRoute, {});
  showResult(cli, read, () => toStatusText(read, cli.config.url, cli.terminal.out));
  return findDown(read).length === 0 ? exitCodes.done : exitCodes.failed;
}

/** The parts that are down, by name. */
export function findDown({ services, bus }: Status): string[] {
  const down = Object.entries(services).flatMap(([name, state]) => (state === "down" ? [name] : []));
  return bus === "down" ? [...down, "bus"] : down;
}

/** The state of the system in a few lines. */
export function toStatusText(status: Status, url: string, paint: Paint): string {
  const down = findDown(status);
  const up = Object.keys(status.services).filter((name) => !down.includes(name));
  const model = status.rehearsal
    ? `${status.model} ${paint.yellow("(rehearsal: no model thinks here)")}`
    : status.model;
  const rows = [
    ["model", model],
    [
      "services",
      `${down.length === 0 ? paint.green("all up") : paint.red(`down: ${down.join(", ")}`)} ${paint.dim(up.join(" "))}`,
    ],
    ...(status.home === undefined ? [] : [["home", paint.name(status.home)]]),
    ...(status.sandbox === undefined ? [] : [["commands", toSandboxText(status.sandbox.level)]]),
    ["spent today", `$${status.spentTodayUsd.toFixed(2)} of $${status.dayBudgetUsd.toFixed(2)}`],
    ["running for", toDuration(status.uptimeSeconds)],
  ];
  const problems = status.problems.map((problem) => `${paint.yellow(`${paint.symbol("!")}${paint.name(problem)}`)}\n`);
  return `${paint.bold(`Matrix OS ${status.version}`)} ${url}\n${toTable(rows)}${problems.join("")}`;
}

function toSandboxText(level: NonNullable<Status["sandbox"]>["level"]): string {
  const words = {
    bubblewrap: "confined by bubblewrap",
    unconfined: "NOT CONFINED (MATRIX_UNSAFE_SHELL=1)",
    none: "refused: no sandbox works here, see matrixos doctor",
  };
  return words[level];
}
