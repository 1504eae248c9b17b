import { rejected, unavailable } from "@matrix-os/contracts/errors";
import type { Origin } from "@matrix-os/contracts/define";
import type { ProcessView, Returned } from "@matrix-os/contracts/tools/process";
import { serviceLimits } from "../command/limits.ts";
import { type OutputFile, openOutputFile } from "../disk/output-file.ts";
import type { JobEnd, RunningJob } from "./run-job.ts";

/** One command from its order on; what changes while it runs is written here by its handler. */
export interface Command {
  readonly id: string;
  readonly shown: string;
  readonly folder: string;
  readonly background: boolean;
  readonly origin: Origin;
  readonly startedAtMs: number;
  readonly output: OutputFile;
  job: RunningJob | undefined;
  /** Asked to end before its job had begun. */
  killedEarly: JobEnd["state"] | undefined;
  end: (JobEnd & { readonly atMs: number }) | undefined;
  returned: Returned | undefined;
  /** Resolves when it has ended and its folder was returned; never rejects. */
  readonly finished: PromiseWithResolvers<void>;
}

/** What is asked for. */
export type Order = Pick<Command, "id" | "shown" | "folder" | "background" | "origin">;

/** The commands of this process: bounded in number, one at a time for each folder. */
export interface CommandTable extends Disposable {
  /** Errors: `busy` when as many run as may, `conflict` when one runs in that folder. */
  readonly reserve: (order: Order, maxOutputBytes: number) => Command;
  /** A command that could not begin. */
  readonly forget: (command: Command) => void;
  /** Errors: `not-found`. */
  readonly find: (id: string) => Command;
  /** Newest first. */
  readonly list: () => readonly Command[];
}

const RETRY_AFTER_MS = 2_000;

/** An empty table. Its outputs are kept below `outputFolder`. */
export function createCommandTable(outputFolder: string): CommandTable {
  const commands = new Map<string, Command>();
  const forget = (command: Command) => {
    command.output[Symbol.dispose]();
    commands.delete(command.id);
  };
  return {
    reserve: (order, maxOutputBytes) => {
      refuseTooMany([...commands.values()].filter(isOpen), order);
      forgetOldest(commands, forget);
      const command: Command = {
        ...order,
        startedAtMs: Date.now(),
        output: openOutputFile(outputFolder, order.id, maxOutputBytes),
        job: undefined,
        killedEarly: undefined,
        end: undefined,
        returned: undefined,
        finished: Promise.withResolvers<void>(),
      };
      commands.set(order.id, command);
      return command;
    },
    forget,
    find: (id) => {
      const command = commands.get(id);
      if (command !== undefined) return command;
      throw rejected("not-found", "there is no such command; commands are forgotten when the tools service restarts", {
        field: "process",
      });
    },
    list: () => [...commands.values()].toReversed(),
    [Symbol.dispose]: () => {
      for (const command of commands.values()) forget(command);
    },
  };
}

/** Kills a command now, or as soon as it would begin. One that has ended stays as it is. */
export function killCommand(command: Command, why: JobEnd["state"]): void {
  command.killedEarly ??= why;
  command.job?.kill(why);
}

/** A command as others see it. */
export function toView(command: Command): ProcessView {
  const { end, origin } = command;
  return {
    process: command.id,
    command: command.shown,
    folder: command.folder,
    background: command.background,
    ...(origin.session === undefined ? {} : { session: origin.session }),
    state: end?.state ?? "running",
    ...(end?.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    outputBytes: command.output.size(),
    startedAt: new Date(command.startedAtMs).toISOString(),
    durationMs: Math.max(0, (end?.atMs ?? Date.now()) - command.startedAtMs),
  };
}

/** A folder is free again only when it has been returned. */
function isOpen(command: Command): boolean {
  return command.end === undefined || command.returned === undefined;
}

function refuseTooMany(open: readonly Command[], order: Order): void {
  const holder = open.find(({ folder }) => folder === order.folder);
  if (holder !== undefined) {
    throw rejected("conflict", `${holder.id} runs in ${order.folder} already: wait for it, or stop it`, {
      field: "folder",
    });
  }
  const same = open.filter(({ background }) => background === order.background).length;
  const most = order.background ? serviceLimits.background : serviceLimits.foreground;
  if (same >= most) {
    throw unavailable("busy", `${same} commands run already, at most ${most} may`, { retryAfterMs: RETRY_AFTER_MS });
  }
}

function forgetOldest(commands: ReadonlyMap<string, Command>, forget: (command: Command) => void): void {
  const ended = [...commands.values()].filter((command) => !isOpen(command));
  for (const command of ended.slice(0, Math.max(0, ended.length - serviceLimits.kept + 1))) forget(command);
}
