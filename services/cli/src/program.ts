import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import type { GlobalOptions } from "./cli.ts";
import { type CliConfig, type Env, readCliConfig } from "./config.ts";
import { type ExitCode, exitCodes, usageFailure } from "./failure.ts";
import { reportFailure, type Telling } from "./terminal/report-failure.ts";
import type { Streams } from "./terminal/streams.ts";
import { addConversation, addSessions } from "./tree/conversation.ts";
import { addActivity, addTokens } from "./tree/doors.ts";
import { addFiles, addHistory } from "./tree/home.ts";
import { addSecrets } from "./tree/secrets.ts";
import { addSettings, addSystem } from "./tree/system.ts";
import { addCommand, type Tree } from "./tree/tree.ts";

/** What a command line runs in; tests give their own. */
export interface Surroundings {
  readonly streams?: Streams;
  readonly env?: Env;
}

/** Runs one command line and answers with the exit code; failures are told on standard error. */
export async function runProgram(words: readonly string[], surroundings: Surroundings = {}): Promise<number> {
  const { streams = process, env } = surroundings;
  let code: ExitCode = exitCodes.done;
  let telling: Telling = {
    json: words.includes("--json"),
    verbose: words.includes("--verbose"),
    colours: false,
    stderr: streams.stderr,
  };
  try {
    const config = readCliConfig(env);
    telling = { ...telling, colours: config.colours };
    const program = createProgram({ config, streams }, (result) => {
      code = result;
    });
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    return error instanceof CommanderError ? reportUsage(error, telling) : reportFailure(error, telling);
  }
}

interface Place {
  readonly config: CliConfig;
  readonly streams: Streams;
}

/** The whole command tree. It throws `CommanderError` for a command line that can't be understood, and when help was shown. */
function createProgram({ config, streams }: Place, onResult: (code: ExitCode) => void): Command {
  const program = createRoot(streams);
  const add: Tree["add"] = (parent, told, run) =>
    addCommand(parent, told, async (command, words) => {
      const { createCli } = await import("./cli.ts");
      const { json = false, verbose = false } = program.opts<Partial<GlobalOptions>>();
      onResult(await run(createCli(config, { json, verbose }, streams), words, command.opts()));
    });
  const tree = { program, add, version: manifest.version };
  program.commandsGroup("Talk:");
  addConversation(tree);
  addSessions(tree);
  program.commandsGroup("Files:");
  addFiles(tree);
  addHistory(tree);
  program.commandsGroup("System:");
  addSystem(tree, config);
  addActivity(tree);
  addTokens(tree);
  addSettings(tree);
  addSecrets(tree);
  return program;
}

function createRoot({ stdout, stderr }: Streams): Command {
  return new Command("matrixos")
    .description("Talk to your Matrix OS: it thinks, works on files in your home, and you can take everything back.")
    .usage("<command> …")
    .version(manifest.version)
    .option("--json", "print JSON: one object, or one line for each event")
    .option("--verbose", "print codes and causes of errors too")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText("after", '\nBegin with:\n  $ matrixos send "make me a habit tracker"');
}

function reportUsage(error: CommanderError, telling: Telling): number {
  if (error.exitCode === 0) return exitCodes.done;
  if (error.code === "commander.help") return exitCodes.usage;
  const sentence = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  const end = /[.?)]$/.test(sentence) ? "" : ".";
  const told = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${end}`;
  return reportFailure(usageFailure(told, "See: matrixos --help"), telling);
}
