import { isIP } from "node:net";
import os from "node:os";
import path from "node:path";
import { type Env, parseEnv } from "@matrix-os/runtime/env";
import { z } from "zod";

/** Addresses only: what a name leads to is somebody else's word. */
function toPlaces(text: string, context: z.RefinementCtx<string>): ReadonlySet<string> {
  const places = text.split(",").flatMap((part) => part.trim() || []);
  for (const place of places) {
    const [, host = "", port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(place) ?? [];
    if (isIP(host) === 0 || port === undefined) context.addIssue(`${place} is not an address with a port`);
  }
  return new Set(places);
}

const schema = z.object({
  HOME: z.string().default(os.homedir()).describe("The user's own directory; defaults of the others stand below it."),
  PATH: z.string().default("/usr/local/bin:/usr/bin:/bin").describe("Where bubblewrap is found."),
  XDG_STATE_HOME: z.string().optional().describe("Where programs keep their state."),
  MATRIX_STATE: z.string().optional().describe("The state directory; checked out folders stand in its folder work."),
  MATRIX_WEB_ALLOW: z
    .string()
    .default("")
    .transform(toPlaces)
    .describe(
      "For tests: address:port, with commas, that web_fetch may reach though the address is not public. Off without it.",
    ),
  MATRIX_SEARCH_PROVIDER: z
    .enum(["brave", "searxng"])
    .optional()
    .describe(
      "The search engine: brave needs a key in the vault, searxng MATRIX_SEARCH_URL (which makes it the default).",
    ),
  MATRIX_SEARCH_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where a SearXNG instance is, or another address of the Brave Search API."),
  MATRIX_UNSAFE_SHELL: z
    .enum(["0", "1"])
    .default("0")
    .describe("1 runs commands without a sandbox where none works: they can then read and change everything."),
});

/** What the tools service reads from its environment. */
export interface ToolsConfig {
  /** Where the file service checks folders out: `<workspace>/files`. */
  readonly workFolder: string;
  /** Where the output of commands is kept while the service runs. */
  readonly outputFolder: string;
  /** The `PATH` that bubblewrap is looked up in. */
  readonly searchPath: string;
  /** The owner accepts commands without a sandbox. */
  readonly allowsUnconfined: boolean;
  /** `address:port` that is read although it is not public. */
  readonly webAllow: ReadonlySet<string>;
  readonly searchProvider: "brave" | "searxng";
  readonly searchUrl: string | undefined;
}

/** The tools service's part of the environment. Throws `ConfigError`. */
export function readToolsConfig(env: Env): ToolsConfig {
  const values = parseEnv(schema, env);
  const stateHome = values.XDG_STATE_HOME ?? path.join(values.HOME, ".local/state");
  const state = path.resolve(values.MATRIX_STATE ?? path.join(stateHome, "matrix-os"));
  return Object.freeze({
    workFolder: path.join(state, "work"),
    outputFolder: path.join(state, "commands"),
    searchPath: values.PATH,
    allowsUnconfined: values.MATRIX_UNSAFE_SHELL === "1",
    webAllow: values.MATRIX_WEB_ALLOW,
    searchProvider: values.MATRIX_SEARCH_PROVIDER ?? (values.MATRIX_SEARCH_URL === undefined ? "brave" : "searxng"),
    searchUrl: values.MATRIX_SEARCH_URL,
  });
}
