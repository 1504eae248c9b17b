import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A service of the compose file, as far as tests look at it. */
export interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly [key: string]: unknown;
}

/** A compose file after its variables were filled in. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** Reads `compose.yaml` of a folder the way compose does: variables from `.env` beside it. Throws for a required one that is empty. */
export function readCompose(folder: string): ComposeFile {
  const values = readEnvFile(join(folder, ".env"));
  const text = readFileSync(join(folder, "compose.yaml"), "utf8");
  // Variables are filled into parsed values, as compose does it: an empty one is an empty text, not nothing.
  const fill = (_: unknown, value: unknown) => (typeof value === "string" ? interpolate(value, values) : value);
  return parse(text, fill) as ComposeFile;
}

/** The lines `NAME=value` of a file. */
export function readEnvFile(path: string): Record<string, string> {
  const lines = readFileSync(path, "utf8").split("\n");
  return Object.fromEntries(
    lines
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

/** `${NAME:-otherwise}` and `${NAME:?why}`, the two forms that our file uses. */
function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{[A-Z_]+:[-?][^}]*\}/g, (variable) => {
    const [, name = "", mark, rest = ""] = /^\$\{([A-Z_]+):([-?])(.*)\}$/.exec(variable) ?? [];
    const value = values[name] ?? "";
    if (value === "" && mark === "?") throw new Error(`${name}: ${rest}`);
    return value === "" ? rest : value;
  });
}
