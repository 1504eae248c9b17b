import { describedContent } from "./file-content.ts";
import type { Intent } from "./intent.ts";
import { cleanPath, pathPattern, slugOf, unquoted } from "./wording.ts";

const path = pathPattern;
const file = String.raw`(?:(?:an?|the|my|that|this|new|short|small|little|text|markdown|empty|file|document|doc|note|list)\s+)*`;
const it = String.raw`(?:it|that|this|that one|(?:that|the|this) (?:file|note|document))`;
const rule = (source: string): RegExp => new RegExp(source, "isu");

/** Text that would have to be invented, which fixed rules can't. */
const toBeComposed =
  /^\s*(?:an?|the|some|my|\d+|three|five|ten)\s+(?:[\w-]+\s+){0,2}(?:poem|story|essay|letter|joke|song|speech|haiku|article|report|e-?mail|ideas|tips|facts|jokes|summary|plan)\b/i;

type Rule = [RegExp, (match: RegExpExecArray) => Intent | undefined];

const writeRules: Rule[] = [
  [
    rule(
      `^(?:write|create|make|save|start|add|new|generate|put)\\s+(?:me\\s+|up\\s+)?${file}(?:(?:called|named|at|in|to|as)\\s+)?${path}(\\s*(?:,?\\s*(?:with|containing|saying|that (?:says?|contains?|has|reads?|lists?)|which (?:says?|contains?|has)|and (?:put|write|add)|listing)\\b(?:\\s+(?:the\\s+)?(?:following|text|contents?|words|items|lines?)\\b){0,2}(?:\\s+in it)?\\s*:?|[:,]|\\n)\\s*)?(.*)$`,
    ),
    ([, name = "", introduction = "", described = ""]) =>
      (introduction || !described.trim()) && !toBeComposed.test(described)
        ? {
            kind: "write-file",
            path: cleanPath(name),
            content: described.trim() ? describedContent(introduction, described) : "",
          }
        : undefined,
  ],
  [
    rule(`^(?:write|save|store)\\s+(?:down\\s+)?(.+?)\\s+(?:as|to|into|in)\\s+${file}${path}$`),
    ([, text = "", name = ""]) =>
      /^(?:an?|the|some|my|it|that|this)\s/i.test(`${text} `)
        ? undefined
        : { kind: "write-file", path: cleanPath(name), content: describedContent("text", text) },
  ],
  [
    rule(
      String.raw`^(?:write|create|make|save)\s+(?:me\s+)?an?\s+(?:new\s+)?(?:text\s+|markdown\s+)?(?:file|document)\s+(?:called|named)\s+(["“'\x60]?[\p{L}\p{N}_-]+["”'\x60]?)(?:\s+(with|containing|saying|that says)\s+(.+))?$`,
    ),
    ([, name = "", introduction = "", described = ""]) => ({
      kind: "write-file",
      path: `${unquoted(name)}.md`,
      content: described ? describedContent(introduction, described) : "",
    }),
  ],
  [
    rule(
      String.raw`^(?:(?:save|take|make|write|add|leave|create|keep|jot down)(?: me| down)?\s+(?:an?|the|this|following)?\s*(?:quick |short |new )?note(?: to self| for me)?|(?:jot|note|write)(?: this| that)? down|note to self|quick note|note)(?:\s*[:,]\s*|\s+(?:that says|that|saying|about|to|with)\s+)(.+)$`,
    ),
    ([, text = ""]) => noteFile(text),
  ],
  [rule(String.raw`^(?:jot|note|write)\s+down\s+(?:that\s+)?(.+)$`), ([, text = ""]) => noteFile(text)],
];

const changeRules: Rule[] = [
  [
    rule(
      `^(?:add|append|put|insert|write)\\s+(.+?)\\s+(?:at the (?:end|bottom) of|to the (?:end|bottom) of|to|in|into|on|onto)\\s+${file}${path}(?:\\s+(?:as well|too))?$`,
    ),
    ([, text = "", name = ""]) => ({ kind: "append-file", path: cleanPath(name), text: unquoted(text) }),
  ],
  [
    rule(String.raw`^(?:add|append|put)\s+(.+?)\s+(?:to|on|onto)\s+(?:my|the|our)\s+([\p{L}-]+)\s+list$`),
    ([, text = "", list = ""]) => ({ kind: "append-file", path: `${slugOf(list)}.md`, text: unquoted(text) }),
  ],
  [
    rule(`^(?:add|append|put)\\s+(.+?)\\s+(?:to|in|into)\\s+${it}$`),
    ([, text = ""]) =>
      /\bfield|\bcolumn/i.test(text) ? undefined : { kind: "append-file", path: undefined, text: unquoted(text) },
  ],
  [
    rule(
      `^(?:rename|move|change)\\s+(?:the\\s+)?(?:file\\s+|note\\s+)?(?:${path}|${it})\\s+(?:to|as|into|in|under|inside)\\s+(?:the\\s+|my\\s+|a folder called\\s+)?(["“'\\x60]?[\\p{L}\\p{N}_.~/ -]+?["”'\\x60]?)(\\s+(?:folder|directory))?$`,
    ),
    ([clause, from, to = "", folder]) =>
      moveTo({ clause, from: from && cleanPath(from), to: cleanPath(to), intoFolder: folder !== undefined }),
  ],
  [
    rule(`^(?:delete|remove|erase|trash|bin|get rid of|throw (?:away|out)|drop)\\s+${file}${path}(?:\\s+file)?$`),
    ([, name = ""]) => ({ kind: "delete-file", path: cleanPath(name) }),
  ],
  [
    rule(`^(?:delete|remove|erase|trash|get rid of|throw away)\\s+${it}(?: away)?$`),
    () => ({ kind: "delete-file", path: undefined }),
  ],
];

const lookRules: Rule[] = [
  [
    rule(`^what (?:did|have|had) i (?:write|written|put|noted?|saved?)(?: down)? (?:in|into|to) ${path}[?.!]*$`),
    ([, name = ""]) => ({ kind: "read-file", path: cleanPath(name) }),
  ],
  [
    rule(
      `^(?:summari[sz]e|sum up|tl;?dr)\\s+(?:this|the|our)\\s+(?:conversation|chat|discussion)|^summari[sz]e (?:the )?conversation`,
    ),
    () => ({ kind: "summarise-conversation" }),
  ],
  [
    rule(`(?:\\bsummar(?:y|i[sz]e)\\b|\\bsum up\\b|\\btl;?dr\\b|\\b(?:main|key) points\\b|\\bgist of\\b).*?${path}`),
    ([, name = ""]) => ({ kind: "summarise-file", path: cleanPath(name) }),
  ],
  [
    rule(
      `^(?:summari[sz]e|sum up|tl;?dr|give me (?:a|the) (?:short |quick |brief )?(?:summary|gist) of)\\s*${it}?(?: up)?$`,
    ),
    () => ({ kind: "summarise-file", path: undefined }),
  ],
  [
    rule(
      `^(?:show|read|open|display|print|cat|view|see|let me see|can i see|look at|tell me what(?:'s| is) in)\\s+(?:me\\s+)?(?:what(?:'s| is) in\\s+)?(?:the\\s+contents?\\s+of\\s+)?${file}${path}(?:\\s+(?:to me|again))?[?.!]*$`,
    ),
    ([, name = ""]) => ({ kind: "read-file", path: cleanPath(name) }),
  ],
  [
    rule(
      `^what(?:'s| is| does|s)?\\s+(?:in|inside|written in|on)?\\s*${file}${path}(?:\\s+(?:say|contain|file).*)?[?.!]*$`,
    ),
    ([, name = ""]) => ({ kind: "read-file", path: cleanPath(name) }),
  ],
  [
    rule(`^(?:show|read)\\s+(?:me\\s+)?${it}(?: to me| back| again)?$|^what does (?:it|that|the file) say[?]*$`),
    () => ({ kind: "read-file", path: undefined }),
  ],
  [
    rule(
      String.raw`^(?:what|which|list|show(?: me)?)\b[^.]{0,20}\bapps?\b(?:\s+(?:do i have|are (?:there|installed)|i have|exist))?[?.!]*$`,
    ),
    () => ({ kind: "list-files", path: "apps" }),
  ],
  [
    rule(
      String.raw`^(?:list|show(?: me)?|what(?:'s| is| are)?|which|see|ls)\b(?:\s+(?:all|of|my|the|every|me|in)){0,4}\s*(?:files?|folders?|documents|everything|content(?:s)?)(?:\s+(?:do i have|are there|i have|exist|is there|there is|are))*(?:\s+(?:in|under|inside|of)\s+(?:the\s+|my\s+)?["\x60']?(home|[\p{L}\p{N}_./~-]+?)["\x60']?(?:\s+(?:folder|directory))?)?[?.!]*$`,
    ),
    ([, folder]) => listOf(folder),
  ],
  [
    rule(
      String.raw`^(?:list|show(?: me)?|what(?:'s| is)|open|look)\s+(?:in\s+|inside\s+)?(?:the\s+|my\s+)?["\x60']?([\p{L}\p{N}_./-]+)["\x60']?\s+(?:folder|directory)[?.!]*$`,
    ),
    ([, folder]) => listOf(folder),
  ],
];

const searchRules: Rule[] = [
  [
    rule(
      String.raw`^where (?:did|have|do) i (?:write|wrote|note|noted|mention|mentioned|put|save|saved|say)(?:\s+down)?(?:\s+(?:something|anything))?(?:\s+(?:about|of|on))?\s+(?:the\s+|my\s+)?(.+)$`,
    ),
    ([, query = ""]) => searchFor(query),
  ],
  [
    rule(
      String.raw`^(?:which|what) (?:of my )?(?:files?|notes?|documents?) (?:mentions?|contains?|talks? about|says?|has|have|is about|are about)\s+(.+)$`,
    ),
    ([, query = ""]) => searchFor(query),
  ],
  [
    rule(
      String.raw`^(?:do i have|is there|are there|have i got)\s+(?:anything|something|any notes?|notes|a note|a file|files)(?:\s+(?:in|among) my (?:files|notes|home))?\s+(?:about|on|that mentions?|mentioning|with)\s+(.+)$`,
    ),
    ([, query = ""]) => searchFor(query),
  ],
  [
    rule(
      String.raw`^(?:search|look|find|grep)\s+(?:(?:through|in|for)\s+)?(?:(?:(?:all|my|the|every|any)\s+)*(?:files?|notes?|home|documents?|everything|anything|folder)\s+)(?:for|about|on|mentioning|with|that mentions?|containing)\s+(?:the word\s+)?(.+)$`,
    ),
    ([, query = ""]) => searchFor(query),
  ],
  [
    rule(
      String.raw`^(?:search(?: for)?|look for|look up|find|grep)\s+(?:the word\s+)?(.+?)(?:\s+in\s+(?:my |the |all )?(?:files|notes|home|documents|everything))?$`,
    ),
    ([, query = ""]) => searchFor(query),
  ],
];

/** Requests about files and folders: write, append, read, list, search, summarise, move, delete. */
export function fileRequest(clause: string): Intent | undefined {
  const rules = [...writeRules, ...changeRules, ...lookRules, ...searchRules];
  for (const [pattern, toIntent] of rules) {
    const subject = writeRules.some(([known]) => known === pattern) ? clause : clause.replace(/[\s.!?]+$/, "");
    const match = pattern.exec(subject);
    const intent = match && toIntent(match);
    if (intent) return intent;
  }
  return undefined;
}

function noteFile(text: string): Intent {
  const name = slugOf(unquoted(text).split(/\s+/).slice(0, 6).join(" ")) || "note";
  return { kind: "write-file", path: `notes/${name}.md`, content: `${unquoted(text)}\n` };
}

function searchFor(query: string): Intent | undefined {
  if (/\b(?:web|internet|google|online)\b/i.test(query)) return undefined;
  const [, words = query, where] = rule(`^(.+?)\\s+in\\s+${path}$`).exec(query) ?? [];
  const plain = unquoted(words);
  return where
    ? { kind: "search-files", query: plain, path: cleanPath(where) }
    : { kind: "search-files", query: plain };
}

function listOf(folder: string | undefined): Intent {
  const name = folder && cleanPath(folder).replace(/\/+$/, "");
  return !name || /^(?:home|my|the|here|it|there)$/i.test(name)
    ? { kind: "list-files" }
    : { kind: "list-files", path: name };
}

interface Move {
  clause: string;
  from: string | undefined;
  to: string;
  intoFolder: boolean;
}

const extension = /\.[a-z][a-z0-9]{0,7}$/i;

/** A target without an extension is a folder when moving, and a new base name when renaming. */
function moveTo({ clause, from, to, intoFolder }: Move): Intent | undefined {
  const hasExtension = extension.test(to);
  if (!from) return hasExtension ? { kind: "move-file", from: undefined, to } : undefined;
  const isFolder = [intoFolder, to.endsWith("/"), /^move/i.test(clause) && !hasExtension].includes(true);
  if (isFolder) {
    return { kind: "move-file", from, to: `${to.replace(/\/+$/, "")}/${from.slice(from.lastIndexOf("/") + 1)}` };
  }
  const name = hasExtension ? to : to + (extension.exec(from)?.[0] ?? "");
  return { kind: "move-file", from, to: name.includes("/") ? name : from.slice(0, from.lastIndexOf("/") + 1) + name };
}
