import type { Intent } from "../../understand/intent.ts";
import { listFolder } from "../listing.ts";
import { call, use, useAll } from "../script.ts";
import type { Script } from "../script.ts";

const memoryFolder = "system/memory";
/** Memory files that are read for one answer. */
const maxFiles = 12;

/** Keeps a fact with the `remember` tool. */
export function* remember({ fact }: Extract<Intent, { kind: "remember" }>): Script {
  yield* use(call("remember", { fact }), "I keep that in mind.");
  return { succeeded: true, headline: `I will remember that ${fact.replace(/^that\s+/i, "")}` };
}

/** Reads back every remembered fact. */
export function* recall(): Script {
  const entries = yield* listFolder(memoryFolder, "I look at what I was told to remember.");
  const files = entries.filter((path) => path.endsWith(".md"));
  if (files.length === 0)
    return {
      succeeded: true,
      headline: "I remember nothing about you yet",
      detail: "Say for example «remember that I like mornings».",
    };
  const texts = yield* useAll(files.slice(0, maxFiles).map((path) => call("read_file", { path })));
  const facts = texts
    .flatMap((text) => text.split("\n"))
    .map((line) => line.trim())
    .filter(isFact);
  return {
    succeeded: true,
    headline: "This is what I was told to remember",
    detail: facts.map((line) => line.replace(/^(?:[-*]\s+)?/, "- ")).join("\n"),
  };
}

/** Takes back the last change. */
export function* undo(): Script {
  const done = yield* use(call("undo", {}), "I take the last change back.");
  return { succeeded: true, headline: "The last change is undone", detail: done };
}

/** Does again what was taken back. */
export function* redo(): Script {
  const done = yield* use(call("undo", { direction: "redo" }), "I do it again.");
  return { succeeded: true, headline: "The change is back", detail: done };
}

function isFact(line: string): boolean {
  return line !== "" && !/^(?:#|---|<!--)/.test(line);
}
