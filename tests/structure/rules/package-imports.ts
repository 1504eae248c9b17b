import { posix } from "node:path";

import { isTest, type ImportedModule, type Problem, type SourceFile } from "../source-file.ts";

/** The part of the tree that a package belongs to; the order is the direction in which imports are allowed. */
export type Layer = "contracts" | "libs" | "services" | "deploy" | "tests";

/** A workspace package: its name and its folder. */
export interface Package {
  readonly name: string;
  readonly folder: string;
}

const mayImport: Readonly<Record<Layer, readonly Layer[]>> = {
  contracts: [],
  libs: ["contracts", "libs"],
  services: ["contracts", "libs"],
  deploy: ["contracts", "libs", "services"],
  tests: ["contracts", "libs", "services", "deploy"],
};

/**
 * contracts ← libs ← services ← deploy ← tests; never one service to another; contracts know only zod.
 * A package is entered through its name, never through a relative path.
 */
export function checkPackageImports(file: SourceFile, packages: readonly Package[]): Problem[] {
  const own = packages.find(({ folder }) => file.path.startsWith(`${folder}/`)) ?? {
    name: "",
    folder: layerOf(file.path),
  };
  return file.imports.flatMap((imported) => {
    const message = explain({ file, own, packages }, imported);
    return message === undefined ? [] : [{ path: file.path, line: imported.line, message }];
  });
}

interface Importer {
  readonly file: SourceFile;
  readonly own: Package;
  readonly packages: readonly Package[];
}

function explain({ file, own, packages }: Importer, { specifier }: ImportedModule): string | undefined {
  if (specifier.startsWith("."))
    return leavesFolder(file, own, specifier) ? `${specifier} leaves the package: import it by its name` : undefined;
  const target = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (target) return explainPackage(file, own, target);
  return layerOf(file.path) === "contracts" ? explainForContracts(file, specifier) : undefined;
}

function leavesFolder(file: SourceFile, own: Package, specifier: string): boolean {
  const target = posix.join(posix.dirname(file.path), specifier);
  return !target.startsWith(`${own.folder}/`);
}

function explainPackage(file: SourceFile, own: Package, target: Package): string | undefined {
  if (target.name === own.name) return undefined;
  const from = layerOf(file.path);
  const to = layerOf(target.folder);
  if (mayImport[from].includes(to)) return undefined;
  return from === to
    ? `${from} never import each other (${target.name})`
    : `${from} must not import ${to} (${target.name})`;
}

function explainForContracts(file: SourceFile, specifier: string): string | undefined {
  if (specifier === "zod" || isTest(file.path)) return undefined;
  return `contracts know only zod (${specifier})`;
}

function layerOf(path: string): Layer {
  const top = path.split("/")[0];
  if (top === "contracts" || top === "libs" || top === "services" || top === "deploy") return top;
  return "tests";
}
