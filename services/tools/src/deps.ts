import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { Surroundings } from "@matrix-os/runtime/service";
import type { ToolsConfig } from "./config.ts";
import { emptyOutputFolder } from "./disk/output-file.ts";
import { type Outside, outside } from "./http/outside.ts";
import { chooseSandbox } from "./process/choose-sandbox.ts";
import { type CommandTable, createCommandTable, killCommand } from "./process/command-table.ts";
import type { Sandbox } from "./process/sandbox.ts";

/** What the tools service's handlers need. */
export interface ToolsDeps extends AsyncDisposable {
  readonly bus: Bus;
  readonly log: Log;
  readonly config: ToolsConfig;
  /** Chosen by a trial that runs while the service starts. */
  readonly sandbox: Promise<Sandbox>;
  readonly commands: CommandTable;
  readonly world: Outside;
  /** How many pages are being read. */
  readonly web: { running: number };
  /** Aborted when the service ends; every command has been killed then. */
  readonly ending: AbortSignal;
}

/** Builds the tools service. Commands that run when it ends are killed with all that they started. */
export async function createToolsDeps(config: ToolsConfig, around: Surroundings): Promise<ToolsDeps> {
  emptyOutputFolder(config.outputFolder);
  const commands = createCommandTable(config.outputFolder);
  const sandbox = chooseSandbox(config);
  void sandbox.then(({ report }) => tell(report, around.log));
  around.signal.addEventListener("abort", () => {
    for (const command of commands.list()) killCommand(command, "stopped");
  });
  return {
    bus: around.bus,
    log: around.log,
    config,
    sandbox,
    commands,
    world: outside,
    web: { running: 0 },
    ending: around.signal,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(commands.list().map(({ finished }) => finished.promise));
      commands[Symbol.dispose]();
      (await sandbox)[Symbol.dispose]();
    },
  };
}

function tell(report: Sandbox["report"], log: Log): void {
  if (report.level === "bubblewrap") log.info({ sandbox: report }, "commands are confined");
  else if (report.level === "unconfined")
    log.error({ sandbox: report }, "COMMANDS ARE NOT CONFINED, the owner forced it");
  else log.warn({ sandbox: report }, "commands are refused: no sandbox works here");
}
