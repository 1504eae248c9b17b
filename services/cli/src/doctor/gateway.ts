import { HEALTH_PATH, READY_PATH, readiness } from "@matrix-os/contracts/api/probes";
import { readStatusRoute, type Status, verifyActivityRoute } from "@matrix-os/contracts/api/status";
import type { Cli } from "../cli.ts";
import { findDown } from "../commands/status.ts";
import { Failure } from "../failure.ts";
import { probe } from "../http/api.ts";
import { readConfigFile } from "../settings/config-store.ts";
import { readConfigText } from "../settings/config-text.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";
import { judgeSandbox } from "./sandbox.ts";

const MOST_CLOCK_DIFFERENCE_MS = 30_000;
const NEARLY_SPENT = 0.8;

/** Asks the gateway about everything that it knows: whether it is there, ready, and content. */
export async function checkGateway(
  cli: Cli,
  version: string,
): Promise<{ findings: Finding[]; status: Status | undefined }> {
  const reached = await probe(cli.config.url, HEALTH_PATH).catch((error: unknown) => toProbeFinding(error));
  if ("check" in reached) return { findings: [reached], status: undefined };
  const findings = [ok("gateway", `The gateway answers at ${cli.config.url}.`), judgeClock(reached.date, Date.now())];
  findings.push(await checkReadiness(cli.config.url));
  try {
    const status = await cli.api.call(readStatusRoute, { timeoutMs: 10_000 });
    return {
      findings: [
        ...findings,
        ...judgeStatus(status, version),
        ...(await checkConfigFile(cli)),
        await checkActivity(cli),
      ],
      status,
    };
  } catch (error) {
    return { findings: [...findings, toFinding("status", error)], status: undefined };
  }
}

/** The version, the services, the model, the money and the problems that a status tells. */
function judgeStatus(status: Status, version: string): Finding[] {
  const down = findDown(status);
  return [
    down.length === 0
      ? ok("services", `All up: ${Object.keys(status.services).join(", ")}.`)
      : fail(
          "services",
          `Down: ${down.join(", ")}.`,
          "They are started again by themselves; if not, see `matrixos logs --level warn` and start Matrix OS again.",
        ),
    judgeModel(status),
    ...judgeSpending(status),
    ...judgeSandbox(status),
    ...status.problems.map((problem) =>
      warn("problem", problem, "See `matrixos config check` and `matrixos activity`."),
    ),
    status.version === version
      ? ok("version", `Gateway and matrixos are both ${version}.`)
      : warn(
          "version",
          `The gateway is ${status.version}, matrixos is ${version}.`,
          "Start Matrix OS again from the same tree as this program.",
        ),
  ];
}

/** The gateway's clock, as its answer told it, against this machine's. */
export function judgeClock(date: string | undefined, nowMs: number): Finding {
  const theirsMs = Date.parse(date ?? "");
  const differenceMs = Math.abs(theirsMs - nowMs);
  if (Number.isNaN(differenceMs))
    return warn("clock", "The gateway did not tell its time.", "Is there another program at this address?");
  if (differenceMs <= MOST_CLOCK_DIFFERENCE_MS) return ok("clock", "The clocks agree.");
  const seconds = Math.round(differenceMs / 1_000);
  return warn(
    "clock",
    `The gateway's clock and this one differ by ${seconds} s.`,
    "Set both by NTP: login links and schedules depend on them.",
  );
}

function judgeModel({ model, provider, rehearsal }: Status): Finding {
  if (rehearsal) {
    return warn(
      "model",
      `No model thinks here: ${model} is a scripted stand-in (rehearsal).`,
      "Put a key into the vault with matrixos secret set ANTHROPIC_API_KEY, or set ANTHROPIC_BASE_URL before the start for a server that speaks the Messages API (Ollama, llama.cpp, vLLM).",
    );
  }
  if (provider === "unknown")
    return fail("model", "The kernel does not say which model it uses.", "See: matrixos logs --service kernel");
  return ok("model", `${model} answers (${provider}).`);
}

function judgeSpending({ spentTodayUsd, dayBudgetUsd }: Status): Finding[] {
  if (spentTodayUsd < dayBudgetUsd * NEARLY_SPENT || dayBudgetUsd === 0) return [];
  const sentence = `$${spentTodayUsd.toFixed(2)} of today's $${dayBudgetUsd.toFixed(2)} are spent.`;
  return [warn("budget", sentence, "Past it turns fail until tomorrow. More: matrixos config set budgets.dayUsd 20")];
}

async function checkReadiness(url: string): Promise<Finding> {
  const remedy = "Wait a moment after a start; then see: matrixos logs --level warn";
  try {
    const { text } = await probe(url, READY_PATH);
    const { ready, missing } = readiness.parse(JSON.parse(text));
    return ready
      ? ok("ready", "Ready for messages.")
      : fail("ready", `Not ready yet, missing: ${missing.join(", ") || "unknown"}.`, remedy);
  } catch {
    return fail(
      "ready",
      `What answers at ${url} is not Matrix OS.`,
      "Another program has this port: set MATRIX_PORT or MATRIX_URL.",
    );
  }
}

async function checkConfigFile(cli: Cli): Promise<Finding[]> {
  try {
    const reading = readConfigText((await readConfigFile(cli.api)).text);
    if (reading.ok) return [ok("config", "The settings are fine.")];
    const faults = reading.faults.map(({ field, sentence }) => (field === "" ? sentence : `${field}: ${sentence}`));
    return [
      fail(
        "config",
        `The settings can't be used: ${faults.join("; ")}`,
        "Repair with `matrixos config set KEY VALUE`, or edit the file: matrixos config path",
      ),
    ];
  } catch (error) {
    return [toFinding("config", error)];
  }
}

async function checkActivity(cli: Cli): Promise<Finding> {
  try {
    const { lines, broken } = await cli.api.call(verifyActivityRoute, {});
    if (broken === undefined) return ok("activity", `The activity log is whole: ${lines} lines.`);
    return fail(
      "activity",
      `The activity log was changed: ${broken.day} line ${broken.line} ${broken.reason}.`,
      "Somebody or something wrote to system/activity. Compare with a backup: matrixos activity export",
    );
  } catch (error) {
    return toFinding("activity", error);
  }
}

function toProbeFinding(error: unknown): Finding {
  return toFinding("gateway", error);
}

function toFinding(check: string, error: unknown): Finding {
  if (!(error instanceof Failure)) throw error;
  return fail(check, error.message, error.remedy ?? "See: matrixos logs --level error");
}
