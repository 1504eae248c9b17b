import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { commandLimits } from "../command/limits.ts";
import type { ToolsDeps } from "../deps.ts";
import { startFilteringProxy } from "../http/filtering-proxy.ts";
import { readCommandPolicy } from "../nats/read-command-policy.ts";
import { returnFolder } from "../nats/return-folder.ts";
import type { Command } from "../process/command-table.ts";
import { type RunningJob, startJob } from "../process/run-job.ts";
import type { Sandbox } from "../process/sandbox.ts";

const RETRY_FOR_MS = 10_000;

/** What is to be run, and in what. */
export interface Run {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutSeconds: number;
  readonly sandbox: Sandbox;
}

/**
 * Checks the command's folder out, starts it there, and, when it has ended for whatever reason, returns the folder. Resolves
 * once it runs. A command that can't begin is forgotten and its error thrown.
 */
export async function carryOut(command: Command, run: Run, deps: ToolsDeps): Promise<{ finished: Promise<void> }> {
  try {
    const [{ workspace }, policy] = await Promise.all([checkOut(command, deps), readCommandPolicy(deps.bus)]);
    if (policy.problem !== undefined)
      deps.log.warn({ problem: policy.problem }, "the policy for commands counts for nothing");
    const proxySocket = policy.hosts.length > 0 ? toSocketPath() : undefined;
    const proxy = proxySocket === undefined ? undefined : await startFilteringProxy(proxySocket, policy.hosts);
    const workFolder = join(deps.config.workFolder, workspace, "files");
    const { argv, timeoutSeconds } = run;
    const job = startJob(
      run.sandbox,
      { argv, workFolder, timeoutSeconds, limits: commandLimits, proxySocket },
      command.output,
    );
    command.job = job;
    if (command.killedEarly !== undefined) job.kill(command.killedEarly);
    void finish(command, { job, proxy, workspace }, deps);
    return { finished: command.finished.promise };
  } catch (error) {
    command.finished.resolve();
    deps.commands.forget(command);
    throw error;
  }
}

function checkOut({ folder, origin }: Command, { bus, ending }: ToolsDeps): Promise<{ workspace: string }> {
  return bus.request(checkOutRequest, { folder, origin }, { retryForMs: RETRY_FOR_MS, signal: ending });
}

/** Short, wherever the state directory is: a socket's path may have about 100 letters. */
function toSocketPath(): string {
  return join(tmpdir(), `matrix-proxy-${randomBytes(8).toString("hex")}.sock`);
}

interface Begun {
  readonly job: RunningJob;
  readonly proxy: AsyncDisposable | undefined;
  readonly workspace: string;
}

/** A command that the service's own end has killed is not returned: its folder is checked out afresh next time. */
async function finish(command: Command, { job, proxy, workspace }: Begun, { bus, ending }: ToolsDeps): Promise<void> {
  const end = await job.ended;
  await proxy?.[Symbol.asyncDispose]();
  const { folder, origin } = command;
  const returned = ending.aborted ? notReturned(folder) : await returnFolder(bus, { workspace, folder, origin });
  command.end = { ...end, atMs: Date.now() };
  command.returned = returned;
  command.finished.resolve();
}

function notReturned(folder: string): NonNullable<Command["returned"]> {
  const why = "the tools service was stopped before it could be written back";
  return { applied: false, changed: [], changedCount: 0, conflicts: [], refused: [{ path: folder, why }] };
}
