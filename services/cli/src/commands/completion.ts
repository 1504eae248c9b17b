import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { type ExitCode, exitCodes, usageFailure } from "../failure.ts";
import { toCompletionScript } from "../completion/completion-script.ts";
import { toCommandWords } from "../completion/command-words.ts";

/** Prints a completion script for a shell, made from the command tree. */
export function completion(cli: Cli, program: Command, shell: string): ExitCode {
  if (shell !== "bash" && shell !== "zsh" && shell !== "fish") {
    throw usageFailure(`There is no completion for «${shell}».`, "It is there for: bash, zsh, fish");
  }
  cli.terminal.write(toCompletionScript(shell, toCommandWords(program)));
  return exitCodes.done;
}
