import type { Command } from "commander";
import { type ExitCode, exitCodes, usageFailure } from "../failure.ts";
import { toCompletionScript } from "../completion/completion-script.ts";
import { toCommandWords } from "../completion/command-words.ts";

/** Prints a completion script for a shell, made from the command tree. */
export function completion(program: Command, shell: string): ExitCode {
  if (shell !== "bash" && shell !== "zsh" && shell !== "fish") {
    throw usageFailure(`There is no completion for «${shell}».`, "It is there for: bash, zsh, fish");
  }
  process.stdout.write(toCompletionScript(shell, toCommandWords(program)));
  return exitCodes.done;
}
