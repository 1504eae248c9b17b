import { type FileList, deleteFileRoute, moveFileRoute } from "@matrix-os/contracts/api/files";
import { call, send, toFileUrl } from "../live/rest.ts";

/** What a folder holds. */
export type Entry = FileList["entries"][number];

/** What a folder holds, folders first; the empty path is the home. Errors: `RequestError`. */
export async function listFolder(path: string): Promise<FileList> {
  const response = await send(`${toFileUrl(path)}?list=1`);
  const list = (await response.json()) as FileList;
  return { ...list, entries: list.entries.toSorted(compareEntries) };
}

/** Renames or moves. Errors: `RequestError`. */
export async function moveFile(from: string, to: string): Promise<void> {
  await call(moveFileRoute, { body: { from, to } });
}

/** Deletes; answers the history entry that undo takes. Errors: `RequestError`. */
export async function deleteFile(path: string): Promise<string> {
  const { change } = await call(deleteFileRoute, { params: { "*": path } });
  return change;
}

/** Puts a file of this device into the home; never over one that is there. Errors: `RequestError`. */
export async function uploadFile(folder: string, file: File): Promise<void> {
  const path = folder === "" ? file.name : `${folder}/${file.name}`;
  const signal = AbortSignal.timeout(UPLOAD_DEADLINE_MS);
  await send(toFileUrl(path), { method: "PUT", body: file, headers: { "if-none-match": "*" }, signal });
}

const UPLOAD_DEADLINE_MS = 600_000;

function compareEntries(a: Entry, b: Entry): number {
  const kind = Number(b.type === "folder") - Number(a.type === "folder");
  return kind === 0 ? a.path.localeCompare(b.path, undefined, { numeric: true }) : kind;
}

/** The last name of a path. */
export function toName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that holds a path; the home is the empty string. */
export function toFolder(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

const images = /\.(png|jpe?g|gif|webp|avif|bmp|ico)$/i;
const texts =
  /\.(txt|json|jsonl|js|mjs|cjs|ts|tsx|jsx|css|html?|xml|svg|ya?ml|toml|ini|env|csv|sql|sh|py|rb|go|rs|java|c|h|cpp|log|conf|gitignore)$/i;

/** How a file can be looked at here. */
export function toViewer(path: string): "image" | "markdown" | "text" | "none" {
  if (images.test(path)) return "image";
  if (/\.(md|markdown)$/i.test(path)) return "markdown";
  return texts.test(path) || !toName(path).includes(".") ? "text" : "none";
}
