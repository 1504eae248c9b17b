import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { usageFailure } from "./failure.ts";

/** Where Matrix OS is and what this user wants, from the environment. */
export interface CliConfig {
  /** The gateway, without a slash at the end. */
  readonly url: string;
  /** Whether the gateway is on this machine by the look of its address. */
  readonly isLocal: boolean;
  readonly home: string;
  readonly state: string;
  readonly tokenFile: string;
  /** The token of `MATRIX_TOKEN`, which goes before the file. */
  readonly token: string | undefined;
  readonly colours: boolean;
  /** The root of the source tree that this program runs from. */
  readonly root: string;
}

/** Environment variables as a process gets them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Reads the environment; an empty variable counts as not set. Throws a usage `Failure` that names the variable. */
export function readCliConfig(env: Env = process.env): CliConfig {
  const user = env["HOME"] || homedir();
  const state = resolve(
    env["MATRIX_STATE"] || join(env["XDG_STATE_HOME"] || join(user, ".local", "state"), "matrix-os"),
  );
  const url = readUrl(env);
  return Object.freeze({
    url: url.href.replace(/\/+$/, ""),
    isLocal: ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname),
    home: resolve(env["MATRIX_HOME"] || join(user, "matrix-os")),
    state,
    tokenFile: join(state, "owner.token"),
    token: env["MATRIX_TOKEN"] || undefined,
    colours: !env["NO_COLOR"] && env["TERM"] !== "dumb",
    root: resolve(import.meta.dirname, "../../.."),
  });
}

/** The environment for a program that this one starts. */
export function childEnv(): NodeJS.ProcessEnv {
  return process.env;
}

const DEFAULT_PORT = "4400";

function readUrl(env: Env): URL {
  const port = env["MATRIX_PORT"] || DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw usageFailure(`MATRIX_PORT is «${port}», but it must be a port number.`, "For example: MATRIX_PORT=4400");
  }
  const text = env["MATRIX_URL"] || `http://127.0.0.1:${port}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageFailure(
      `MATRIX_URL is «${text}», but it must be an address.`,
      "For example: MATRIX_URL=http://127.0.0.1:4400",
    );
  }
  return url;
}
