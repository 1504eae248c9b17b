import type { CliConfig } from "./config.ts";
import { type Api, createApi } from "./http/api.ts";
import { readOwnerToken } from "./http/owner-token.ts";
import type { Streams } from "./terminal/streams.ts";
import { createTerminal, type Terminal } from "./terminal/terminal.ts";

/** Options that every command has. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What a command works with. */
export interface Cli extends GlobalOptions {
  readonly config: CliConfig;
  readonly api: Api;
  readonly streams: Streams;
  readonly terminal: Terminal;
}

/** Prepares a command; nothing is read or asked before the command does so. */
export function createCli(config: CliConfig, options: GlobalOptions, streams: Streams): Cli {
  return {
    ...options,
    config,
    api: createApi({ url: config.url, readToken: () => readOwnerToken(config) }),
    streams,
    terminal: createTerminal(streams, { colours: config.colours }),
  };
}

/** Shows a result: as one line of JSON with `--json`, else as the text that `toText` makes of it. */
export function showResult<Result>(cli: Cli, result: Result, toText: (result: Result) => string): void {
  cli.terminal.write(cli.json ? `${JSON.stringify(result)}\n` : toText(result));
}
