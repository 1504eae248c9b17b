import type { AppFile } from "../../app-files/load-app-templates.ts";
import { renameEdits } from "../../page/html-edits.ts";
import { manifestText, readManifest } from "../../page/manifest.ts";
import { withReplacements } from "../../page/replacement.ts";
import type { AppKind, Intent } from "../../understand/intent.ts";
import { capitalised, slugOf } from "../../understand/wording.ts";
import { touch } from "../desk.ts";
import type { Desk } from "../desk.ts";
import { listApps } from "../listing.ts";
import { call, useAll } from "../script.ts";
import type { Script } from "../script.ts";

type CreateApp = Extract<Intent, { kind: "create-app" }>;

const titles: Record<Exclude<AppKind, "collection">, string> = {
  "habit-tracker": "Habit tracker",
  notes: "Notes",
  "todo-board": "Todo board",
  timer: "Timer",
  "expense-log": "Expense log",
  flashcards: "Flashcards",
};

const usage: Record<AppKind, string> = {
  "habit-tracker": "Add a habit, tick the days of the week, and watch the streak grow.",
  notes: "Write on the right, find on the left; everything is saved as you type.",
  "todo-board": "Add cards and move them from To do to Doing to Done, with the mouse or the arrow buttons.",
  timer: "Start a focus session; breaks follow by themselves, and finished sessions are counted.",
  "expense-log": "Log what you spend; the month, its total and its categories add up by themselves.",
  flashcards: "Add cards, then practise; cards you find hard come back sooner.",
  collection:
    "As the rehearsal model I can only make a general list here: entries with a title, a note, a star and a tick.",
};

const icons: Array<[RegExp, string]> = [
  [/recipe|cook|food|meal/, "🍲"],
  [/book|read/, "📚"],
  [/film|movie|watch|series/, "🎬"],
  [/plant|garden/, "🪴"],
  [/gift|present|wish/, "🎁"],
  [/shop|grocer/, "🛒"],
  [/travel|trip|pack/, "🧳"],
  [/music|song|record/, "🎵"],
];

/** Writes a new app into a folder of its own; an app that exists is never touched. */
export function* createApp(intent: CreateApp, desk: Desk): Script {
  const wanted = intent.name ?? (intent.app === "collection" ? capitalised(intent.noun) : titles[intent.app]);
  const taken = yield* listApps(`I make ${wanted}. First a look at which apps exist.`);
  const folder = freeFolder(slugOf(wanted) || intent.app, taken);
  const title = folder.copy > 1 ? `${wanted} ${folder.copy}` : wanted;
  const files = personalised(desk.templates[intent.app], {
    title,
    icon: intent.app === "collection" ? iconFor(intent.noun) : undefined,
  });
  const calls = files.map(({ path, content }) => call("write_file", { path: `apps/${folder.name}/${path}`, content }));
  yield* useAll(calls, `Now I write its ${files.length} files.`);
  touch(desk, `apps/${folder.name}/`);
  const note = folder.copy > 1 ? " An app of that name exists already, so this one got a number." : "";
  return {
    succeeded: true,
    headline: `${title} is ready`,
    detail: `${usage[intent.app]}${note}\n\napps/${folder.name}/`,
  };
}

function freeFolder(slug: string, taken: string[]): { name: string; copy: number } {
  let copy = 1;
  while (taken.includes(copy === 1 ? slug : `${slug}-${copy}`)) copy += 1;
  return { name: copy === 1 ? slug : `${slug}-${copy}`, copy };
}

function personalised(
  files: readonly AppFile[],
  { title, icon }: { title: string; icon: string | undefined },
): AppFile[] {
  return files.map(({ path, content }) => {
    if (path === "index.html") return { path, content: withReplacements(content, renameEdits(content, title)) };
    const manifest = path === "app.json" ? readManifest(content) : undefined;
    return manifest
      ? { path, content: manifestText(manifest, { name: title, ...(icon ? { icon } : {}) }) }
      : { path, content };
  });
}

function iconFor(noun: string): string | undefined {
  return icons.find(([pattern]) => pattern.test(noun))?.[1];
}
