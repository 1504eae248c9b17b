import { z } from "zod";
import { fromGitMode, toGitMode } from "./path-state.ts";

/** Permissions that need no mention. */
export const PLAIN_FOLDER_MODE = 0o755;

/** What a git tree can't say about one folder: its own permissions, those of files beyond «executable», that it is empty. */
export interface FolderManifest {
  readonly mode: number;
  readonly files: ReadonlyMap<string, number>;
}

/** The manifest of a folder that needs none. */
export const plainManifest: FolderManifest = { mode: PLAIN_FOLDER_MODE, files: new Map() };

const octal = z.string().regex(/^[0-7]{1,4}$/);
const schema = z.object({ mode: octal, files: z.record(z.string(), octal).default({}) });

/** Whether the tree needs this manifest; an empty folder always does, for git keeps no empty trees. */
export function isManifestNeeded(manifest: FolderManifest, isEmpty: boolean): boolean {
  return isEmpty || manifest.mode !== PLAIN_FOLDER_MODE || manifest.files.size > 0;
}

/** The same manifest knowing one file's permissions; `undefined` when the file is gone (or is a link). */
export function withFile(manifest: FolderManifest, name: string, mode: number | undefined): FolderManifest {
  const needed = mode !== undefined && mode !== fromGitMode(toGitMode(mode));
  if (needed ? manifest.files.get(name) === mode : !manifest.files.has(name)) return manifest;
  const files = new Map(manifest.files);
  if (needed) files.set(name, mode);
  else files.delete(name);
  return { mode: manifest.mode, files };
}

/** The text kept in the tree; equal manifests give equal bytes. */
export function formatManifest(manifest: FolderManifest): string {
  const names = [...manifest.files.keys()].toSorted();
  const files = Object.fromEntries(names.map((name) => [name, (manifest.files.get(name) ?? 0).toString(8)]));
  return `${JSON.stringify({ mode: manifest.mode.toString(8), ...(names.length === 0 ? {} : { files }) })}\n`;
}

/** The manifest in a text; a damaged one counts as plain, so that old history stays readable. */
export function parseManifest(text: string): FolderManifest {
  try {
    const { mode, files } = schema.parse(JSON.parse(text));
    return {
      mode: parseInt(mode, 8),
      files: new Map(Object.entries(files).map(([name, bits]) => [name, parseInt(bits, 8)])),
    };
  } catch {
    return plainManifest;
  }
}
