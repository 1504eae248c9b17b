import type { Intent } from "../../understand/intent.ts";
import { touch } from "../desk.ts";
import type { Desk } from "../desk.ts";
import { listApps } from "../listing.ts";
import { call, TaskFailed, use } from "../script.ts";
import type { Script } from "../script.ts";
import { summaryOfText } from "../text-summary.ts";

type Of<Kind extends Intent["kind"]> = Extract<Intent, { kind: Kind }>;

/** Longest piece of a file or list that is repeated in an answer. */
const maxShownCharacters = 4000;

/** Shows a file. */
export function* readFile({ path: named }: Of<"read-file">, desk: Desk): Script {
  const path = named ?? currentFile(desk);
  const content = yield* use(call("read_file", { path }), `I open ${path}.`);
  touch(desk, path);
  return { succeeded: true, headline: `This is \`${path}\``, detail: shown(content) || "(it is empty)" };
}

/** Lists a folder, or the apps. */
export function* listFiles({ path }: Of<"list-files">): Script {
  if (path === "apps") return yield* listOwnApps();
  const listing = yield* use(call("list_files", path === undefined ? { depth: 2 } : { path, depth: 2 }), "I look.");
  const place = path === undefined ? "your home" : path;
  if (/^(?:\(empty\))?$/.test(listing.trim())) return { succeeded: true, headline: `There is nothing in ${place} yet` };
  return { succeeded: true, headline: `This is in ${place}`, detail: shown(listing) };
}

function* listOwnApps(): Script {
  const names = yield* listApps("I look.");
  if (names.length === 0) return { succeeded: true, headline: "There are no apps yet" };
  return {
    succeeded: true,
    headline: "These are your apps",
    detail: names.map((name) => `- apps/${name}/`).join("\n"),
  };
}

/** Searches all files, or one. */
export function* searchFiles({ query, path }: Of<"search-files">): Script {
  const hits = yield* use(
    call("search_files", path === undefined ? { query } : { query, path }),
    `I search for «${query}».`,
  );
  const found = hits.split("\n").filter((line) => /^[^\s:][^:]*:\d+:/.test(line));
  if (found.length === 0) return { succeeded: true, headline: `I found nothing about «${query}»` };
  const places = found.length === 1 ? "one place" : `${found.length} places`;
  return {
    succeeded: true,
    headline: `«${query}» is in ${places}`,
    detail: shown(found.map((line) => `- ${line}`).join("\n")),
  };
}

/** Sums a file up with its own sentences. */
export function* summariseFile({ path: named }: Of<"summarise-file">, desk: Desk): Script {
  const path = named ?? currentFile(desk);
  const content = yield* use(call("read_file", { path }), `I read ${path}.`);
  touch(desk, path);
  return { succeeded: true, headline: `\`${path}\` in short`, detail: summaryOfText(content) };
}

function currentFile({ currentFile: path }: Desk): string {
  if (path === undefined)
    throw new TaskFailed("I am not sure which file you mean; please name it, for example notes/plan.md");
  return path;
}

function shown(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.length <= maxShownCharacters
    ? trimmed
    : `${trimmed.slice(0, maxShownCharacters)}\n… (${trimmed.length - maxShownCharacters} more characters)`;
}
