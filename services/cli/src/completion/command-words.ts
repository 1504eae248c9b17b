import type { Command } from "commander";

/** A word that may follow, with what it means. */
export interface Word {
  readonly word: string;
  readonly meaning: string;
}

/** What may follow after one command: `path` is empty for the program, `files read` for a sub-command. */
export interface CommandWords {
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly Word[];
}

/** The words of a command and of everything below it; options of the program fit everywhere. */
export function toCommandWords(command: Command, path = "", inherited: readonly Word[] = []): CommandWords[] {
  const options = [...command.options.filter(({ hidden }) => !hidden).flatMap(toOptionWord), ...inherited];
  const shown = command.commands.filter((child) => child.name() !== "help");
  const own = {
    path,
    commands: shown.map((child) => ({ word: child.name(), meaning: child.summary() || child.description() })),
    options: [...options, { word: "--help", meaning: "show help" }],
  };
  const passedOn = path === "" ? options.filter(({ word }) => word !== "--version") : [];
  return [
    own,
    ...shown.flatMap((child) =>
      toCommandWords(child, `${path} ${child.name()}`.trim(), path === "" ? passedOn : inherited),
    ),
  ];
}

function toOptionWord({
  long,
  description,
}: {
  readonly long?: string | null | undefined;
  readonly description: string;
}): Word[] {
  return long ? [{ word: long, meaning: description }] : [];
}
