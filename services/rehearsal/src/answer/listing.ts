import { attempt, call, isNotFound, textOf } from "./script.ts";
import type { Script } from "./script.ts";

/** The lines of a `list_files` answer, home-relative; a folder that does not exist has none. */
export function* listFolder(folder: string, say: string): Script<string[]> {
  const listCall = call("list_files", { path: folder, depth: 1 });
  const result = yield* attempt(listCall, say);
  const text = isNotFound(result) ? "" : textOf(result, listCall);
  const lines = text.split("\n").map((line) => line.trim());
  const entries = lines.filter((line) => line !== "" && !/^[([]/.test(line));
  return entries.map((line) => (line.startsWith(`${folder}/`) ? line : `${folder}/${line}`));
}

/** Names of the app folders, in the order of the answer. */
export function* listApps(say: string): Script<string[]> {
  const entries = yield* listFolder("apps", say);
  const names = entries.flatMap((entry) => /^apps\/([^/]+)\//.exec(entry)?.[1] ?? []);
  return [...new Set(names)];
}
