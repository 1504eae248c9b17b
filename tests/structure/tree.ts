import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Package } from "./rules/package-imports.ts";
import { parseSource, type SourceFile } from "./source-file.ts";

const rootFolder = resolve(import.meta.dirname, "../..");
const neverRead = ["**/node_modules/**", "**/generated/**", "**/dist/**", "services/rehearsal/apps/**", "coverage/**"];

/** Every TypeScript file of the tree that people wrote, parsed; generated ones and sample apps aside. */
export function readTree(): SourceFile[] {
  const paths = find("{contracts,libs,services,deploy,tests}/**/*.{ts,tsx}").concat(find("*.ts"));
  return paths.map((path) => parseSource(path, readText(path)));
}

/** The workspace packages. */
export function readPackages(): Package[] {
  return find("{contracts,deploy,libs/*,services/*,tests/*}/package.json").map((path) => {
    const manifest: unknown = JSON.parse(readText(path));
    if (typeof manifest !== "object" || manifest === null || !("name" in manifest))
      throw new Error(`${path} has no name`);
    return { name: String(manifest.name), folder: path.replace(/\/package\.json$/, "") };
  });
}

/** The text of a file, empty when it is not there. */
export function readText(path: string): string {
  return exists(path) ? readFileSync(join(rootFolder, path), "utf8") : "";
}

/** Whether a file or folder is there; `*` and `…` stand for anything. */
export function exists(path: string): boolean {
  const pattern = path.replaceAll("…", "*");
  return pattern.includes("*") ? find(pattern).length > 0 : existsSync(join(rootFolder, pattern));
}

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: rootFolder, exclude: neverRead }).map((path) => path.replaceAll("\\", "/"));
}
