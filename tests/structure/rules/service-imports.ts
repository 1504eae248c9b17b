import { posix } from "node:path";

import { isTest, type ImportedModule, type Problem, type SourceFile } from "../source-file.ts";

// Folders of a service that touch the outside world. Any other folder, `on-*` aside, is a noun and holds rules.
// `home` is the file service's: disk and git together.
const technologyFolders: ReadonlySet<string> = new Set([
  "disk",
  "git",
  "home",
  "http",
  "model",
  "nats",
  "process",
  "sqlite",
  "watch",
]);

type Place = "main" | "service" | "deps" | "config" | "on" | "noun" | "technology" | "root";

// What each place may use at run time. Types may come from further away: see `typesFrom`.
const mayUse: Readonly<Record<Place, readonly Place[]>> = {
  main: ["service", "deps", "config"],
  service: ["on", "deps", "config", "root"],
  deps: ["technology", "noun", "config", "root"],
  // Effects stand in handlers and technology folders only.
  on: ["noun", "root", "technology"],
  root: ["root", "noun", "technology", "config"],
  noun: ["noun"],
  technology: ["technology", "noun"],
  config: ["config", "noun"],
};

const typesFrom: Readonly<Record<Place, readonly Place[]>> = {
  main: [],
  service: ["noun", "technology"],
  deps: [],
  on: ["deps", "config", "technology"],
  root: ["deps"],
  noun: ["config"],
  technology: ["config"],
  config: [],
};

const busPackages = /^(@matrix-os\/bus|@nats-io\/)/;

/**
 * Inside a service: main → service → on-* → nouns and technology; deps → technology. Nouns are pure: they know neither
 * technology nor the bus.
 * For files under `services/<name>/src` of a service that has a `service.ts`.
 */
export function checkServiceImports(file: SourceFile): Problem[] {
  const folder = /^services\/[^/]+\/src\//.exec(file.path)?.[0];
  if (folder === undefined || isTest(file.path)) return [];
  const from = placeOf(file.path.slice(folder.length));
  return file.imports.flatMap((imported) => {
    const message = explain(from, imported, file.path.slice(folder.length));
    return message === undefined ? [] : [{ path: file.path, line: imported.line, message }];
  });
}

function explain(from: Place, imported: ImportedModule, path: string): string | undefined {
  const { specifier, typeOnly } = imported;
  if (from === "noun" && busPackages.test(specifier)) return `a noun folder must not know the bus (${specifier})`;
  if (!specifier.startsWith(".")) return undefined;
  const to = placeOf(posix.join(posix.dirname(path), specifier));
  if (mayUse[from].includes(to) || isNeighbour(path, specifier)) return undefined;
  if (typeOnly && typesFrom[from].includes(to)) return undefined;
  return `${from} must not import ${to} (${specifier})`;
}

// Handlers of one folder may share a file beside them.
function isNeighbour(path: string, specifier: string): boolean {
  return path.startsWith("on-") && /^\.\/[^/]+$/.test(specifier);
}

function placeOf(path: string): Place {
  const [first = "", second] = path.split("/");
  if (second === undefined) return placeOfRootFile(first);
  if (first.startsWith("on-")) return "on";
  return technologyFolders.has(first) ? "technology" : "noun";
}

function placeOfRootFile(name: string): Place {
  const stem = name.replace(/\.tsx?$/, "");
  if (stem === "main" || stem === "service" || stem === "deps" || stem === "config") return stem;
  return "root";
}
