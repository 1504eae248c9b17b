import { lstatSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** The owner's part of a home: each path with its kind, its mode and its bytes (base64). What the system keeps for itself is left out. */
export function readHomeTree(home: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const folders = [home]; folders.length > 0;) {
    const folder = folders.shift() ?? "";
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const inside = relative(home, path);
      if (isBookkeeping(inside)) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory()) folders.push(path);
      tree[inside] = `${stat.mode.toString(8)} ${readContent(path, stat)}`;
    }
  }
  return tree;
}

function readContent(path: string, stat: ReturnType<typeof lstatSync>): string {
  if (stat?.isDirectory() === true) return "folder";
  return stat?.isSymbolicLink() === true ? readlinkSync(path) : readFileSync(path).toString("base64");
}

function isBookkeeping(path: string): boolean {
  return path === ".matrix" || /^system\/(inbox|open|outbox|sessions|activity|conflicts)(\/|$)/.test(path);
}
