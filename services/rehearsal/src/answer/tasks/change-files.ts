import type { Intent } from "../../understand/intent.ts";
import { changeApp } from "./change-app.ts";
import { deleteApp } from "./delete-app.ts";
import { touch } from "../desk.ts";
import type { Desk } from "../desk.ts";
import { attempt, call, isNotFound, isPartial, TaskFailed, textOf, use } from "../script.ts";
import type { Script } from "../script.ts";

type Of<Kind extends Intent["kind"]> = Extract<Intent, { kind: Kind }>;

/** Creates a file; one that exists is replaced. */
export function* writeFile({ path, content }: Of<"write-file">, desk: Desk): Script {
  const done = yield* use(call("write_file", { path, content }), `I write ${path}.`);
  touch(desk, path);
  return { succeeded: true, headline: `I ${done.startsWith("replaced") ? "replaced" : "wrote"} \`${path}\`` };
}

/** Adds a line at the end of a file, in the file's own list style; a missing file is created. */
export function* appendFile({ path: named, text }: Of<"append-file">, desk: Desk): Script {
  if (named === undefined && desk.latest === "app") {
    return yield* changeApp({ kind: "change-app", app: "current", change: { kind: "field", label: text } }, desk);
  }
  const path = named ?? currentFile(desk);
  const readCall = call("read_file", { path });
  const before = yield* attempt(readCall, `I add that to ${path}.`);
  const content = isNotFound(before) ? "" : textOf(before, readCall);
  if (isPartial(content)) throw new TaskFailed(`${path} is too long for me to add to it`);
  yield* addAtEnd({ path, content, addition: lineFor(text, content, path) });
  touch(desk, path);
  return { succeeded: true, headline: `I added «${text}» to \`${path}\`` };
}

/** Edits the end of the file; the file is written as a whole when the edit does not fit. */
function* addAtEnd({ path, content, addition }: { path: string; content: string; addition: string }): Script<void> {
  const tail = uniqueTail(content);
  if (tail !== undefined) {
    const replacements = [{ old: tail, new: joined(tail, addition) }];
    const edited = yield* attempt(call("edit_file", { path, replacements }));
    if (!edited.isError) return;
  }
  yield* use(call("write_file", { path, content: joined(content, addition) }));
}

/** Moves or renames a file. */
export function* moveFile({ from: named, to }: Of<"move-file">, desk: Desk): Script {
  const from = named ?? currentFile(desk);
  yield* use(call("move_file", { from, to }), `I move ${from}.`);
  touch(desk, to);
  return { succeeded: true, headline: `\`${from}\` is now \`${to}\`` };
}

/** Deletes one file; «it» may also be the app just worked on. */
export function* deleteFile({ path: named }: Of<"delete-file">, desk: Desk): Script {
  if (named === undefined && desk.latest === "app")
    return yield* deleteApp({ kind: "delete-app", app: "current" }, desk);
  const path = named ?? currentFile(desk);
  yield* use(call("delete_file", { path }), `I delete ${path}.`);
  return { succeeded: true, headline: `I deleted ${path}`, detail: "Say «undo» to get it back." };
}

function currentFile({ currentFile: path }: Desk): string {
  if (path === undefined)
    throw new TaskFailed("I am not sure which file you mean; please name it, for example shopping.md");
  return path;
}

function lineFor(text: string, content: string, path: string): string {
  const lastLine = content.trimEnd().split("\n").at(-1) ?? "";
  const bullet = /^\s*(?:[-*+] (?:\[[ x]\] )?)/.exec(lastLine)?.[0].replace("[x]", "[ ]");
  const isNewList = content.trim() === "" && path.endsWith(".md") && !/[.!?]$/.test(text);
  return `${bullet ?? (isNewList ? "- " : "")}${text}\n`;
}

function joined(content: string, addition: string): string {
  return content === "" || content.endsWith("\n") ? content + addition : `${content}\n${addition}`;
}

/** The shortest run of whole lines at the end that occurs only once, so that an edit can hold on to it. */
function uniqueTail(content: string): string | undefined {
  const lines = content.split(/(?<=\n)/);
  for (let count = 1; count <= Math.min(lines.length, 40); count++) {
    const tail = lines.slice(-count).join("");
    if (tail.trim() !== "" && content.indexOf(tail) === content.length - tail.length) return tail;
  }
  return undefined;
}
