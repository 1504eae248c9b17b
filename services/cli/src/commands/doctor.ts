import { type Cli, showResult } from "../cli.ts";
import { checkGateway } from "../doctor/gateway.ts";
import type { Finding } from "../doctor/finding.ts";
import { checkDisk, checkToken, judgeNode } from "../doctor/machine.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import type { Paint } from "../terminal/paint.ts";

/** Looks at everything that commonly goes wrong and tells each finding with its remedy. 1 when something fails. */
export async function doctor(cli: Cli, version: string): Promise<ExitCode> {
  const { config } = cli;
  const { findings: fromGateway, status } = await checkGateway(cli, version);
  const disks = config.isLocal
    ? [
        ...(await checkDisk("disk (home)", status?.home ?? config.home)),
        ...(await checkDisk("disk (state)", config.state)),
      ]
    : [];
  const findings = [judgeNode(process.version), await checkToken(config), ...fromGateway, ...disks];
  const isWell = findings.every(({ level }) => level !== "fail");
  showResult(cli, { ok: isWell, findings }, () => toDoctorText(findings, cli.terminal.out));
  return isWell ? exitCodes.done : exitCodes.failed;
}

/** Findings as lines, each remedy below its finding, and the sum. */
export function toDoctorText(findings: readonly Finding[], paint: Paint): string {
  const lines = findings.map(({ check, level, sentence, remedy }) => {
    const head = `${toMark(level, paint)} ${check.padEnd(12)} ${paint.name(sentence)}`;
    return remedy === undefined
      ? `${head}\n`
      : `${head}\n${" ".repeat(INDENT)}${paint.dim(`→ ${paint.name(remedy)}`)}\n`;
  });
  return lines.join("") + toSum(findings, paint);
}

const INDENT = 18;

function toMark(level: Finding["level"], paint: Paint): string {
  const colours = { ok: paint.green, warn: paint.yellow, fail: paint.red };
  return colours[level](level.padEnd(4));
}

function toSum(findings: readonly Finding[], paint: Paint): string {
  const count = (level: Finding["level"]): number => findings.filter((finding) => finding.level === level).length;
  const failed = count("fail");
  if (failed > 0) return `\n${paint.red(`${failed} of ${findings.length} checks failed.`)}\n`;
  const warned = count("warn");
  return warned === 0
    ? "\nAll is well.\n"
    : `\nIt works; ${warned} ${warned === 1 ? "thing deserves" : "things deserve"} a look.\n`;
}
