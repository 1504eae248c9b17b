import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppKind } from "../understand/intent.ts";

/** One file of an app, with its path inside the app's folder. */
export interface AppFile {
  path: string;
  content: string;
}

/** The finished apps, ready to be written into a home. */
export type AppTemplates = Readonly<Record<AppKind, readonly AppFile[]>>;

const appsFolder = join(import.meta.dirname, "../../apps");
const kinds = [
  "habit-tracker",
  "notes",
  "todo-board",
  "timer",
  "expense-log",
  "flashcards",
  "collection",
] as const satisfies AppKind[];

/** Reads the app files that ship with this service; each app gets the shared base files. Rejects when one is missing. */
export async function loadAppTemplates(): Promise<AppTemplates> {
  const shared = await readFolder("shared");
  const apps = await Promise.all(kinds.map(async (kind) => [kind, [...(await readFolder(kind)), ...shared]] as const));
  return Object.fromEntries(apps) as unknown as AppTemplates;
}

async function readFolder(name: string): Promise<AppFile[]> {
  const folder = join(appsFolder, name);
  const names = (await readdir(folder)).toSorted();
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(folder, path), "utf8") })));
}
