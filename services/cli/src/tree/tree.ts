import type { Command, OptionValues } from "commander";
import type { Cli } from "../cli.ts";
import type { ExitCode } from "../failure.ts";

/** What a command does with its arguments and options as the command line gave them. */
export type Run<Options> = (cli: Cli, words: readonly string[], options: Options) => Promise<ExitCode> | ExitCode;

/** The command tree while it is being built. Commands load their code only when they run, so that the tree is there at once. */
export interface Tree {
  readonly program: Command;
  readonly version: string;
  readonly add: <Options extends OptionValues>(parent: Command, told: Told, run: Run<Options>) => void;
}

/** How a command presents itself. */
export interface Told {
  /** Its name and arguments. */
  readonly usage: string;
  /** What it does, in one sentence. */
  readonly is: string;
  /** What more there is to know; shown in its own help only. */
  readonly more?: string;
  /** A command line that works, without the program's name. */
  readonly example: string;
  /** The one of its group that runs when none is named. */
  readonly isDefault?: boolean;
  readonly options?: Readonly<Record<string, string>>;
}

/** Adds a command that shows an example in its help. */
export function addCommand(
  parent: Command,
  told: Told,
  run: (command: Command, words: readonly string[]) => Promise<void>,
): void {
  const command = parent
    .command(told.usage, { isDefault: told.isDefault === true })
    .summary(told.is)
    .description(told.more === undefined ? told.is : `${told.is} ${told.more}`)
    .addHelpText("after", `\nExample:\n  $ matrixos ${told.example}`)
    .action(() => run(command, toWords(command.processedArgs)));
  for (const [flags, meaning] of Object.entries(told.options ?? {})) command.option(flags, meaning);
}

/** Adds a command that only holds others. */
export function addGroup(program: Command, name: string, is: string): Command {
  return program.command(name).description(is).usage("[command] …");
}

function toWords(values: readonly unknown[]): string[] {
  return values.flat().filter((value) => typeof value === "string");
}
