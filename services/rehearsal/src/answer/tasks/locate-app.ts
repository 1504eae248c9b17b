import { readManifest } from "../../page/manifest.ts";
import { kindOf } from "../../understand/app-kinds.ts";
import type { AppReference } from "../../understand/intent.ts";
import { closestWord } from "../../understand/spelling.ts";
import { slugOf } from "../../understand/wording.ts";
import type { Desk } from "../desk.ts";
import { listApps } from "../listing.ts";
import { call, TaskFailed } from "../script.ts";
import type { Script } from "../script.ts";

/** Apps whose manifest is read when no folder has the wanted name. */
const maxManifests = 12;

/** The folder name of the app that is meant. Ends the task with a question when that is not clear. */
export function* locateApp(reference: AppReference, desk: Desk): Script<string> {
  if (reference === "current" && desk.currentApp) return desk.currentApp;
  const folders = yield* listApps("I look which apps there are.");
  if (folders.length === 0) throw new TaskFailed("There is no app yet; say for example «make me a habit tracker»");
  if (reference === "current") return onlyOne(folders);
  const byFolder = bestMatch(reference.named, folders);
  return byFolder ?? (yield* byDisplayName(reference.named, folders));
}

function* byDisplayName(wanted: string, folders: string[]): Script<string> {
  const candidates = folders.slice(0, maxManifests);
  const results = yield {
    say: "",
    calls: candidates.map((folder) => call("read_file", { path: `apps/${folder}/app.json` })),
  };
  const names = candidates.map((_, index) => slugOf(readManifest(results[index]?.text ?? "")?.name ?? ""));
  const found = bestMatch(
    wanted,
    names.filter((name) => name !== ""),
  );
  const folder = found === undefined ? undefined : candidates[names.indexOf(found)];
  if (folder === undefined) throw new TaskFailed(`I find no app called «${wanted}». There is: ${folders.join(", ")}`);
  return folder;
}

function onlyOne(folders: string[]): string {
  const [only] = folders;
  if (folders.length === 1 && only) return only;
  throw new TaskFailed(
    `Which app do you mean? There is: ${folders.join(", ")}. Say for example «make ${folders[0]} dark»`,
  );
}

/** Exact name first, then the beginning, then any shared word with typos allowed, then the same kind of app. */
function bestMatch(wanted: string, slugs: string[]): string | undefined {
  const slug = slugOf(wanted);
  const words = slug.split("-");
  const kind = kindOf(wanted);
  return (
    slugs.find((candidate) => candidate === slug) ??
    slugs.find((candidate) => candidate.startsWith(slug) || slug.startsWith(candidate)) ??
    slugs.find((candidate) => words.every((word) => closestWord(word, candidate.split("-")) !== undefined)) ??
    slugs.find((candidate) => kind !== undefined && kindOf(candidate.replaceAll("-", " ")) === kind)
  );
}
