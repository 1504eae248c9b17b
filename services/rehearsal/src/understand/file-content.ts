import { unquoted } from "./wording.ts";

/**
 * The content a person described. Quoted or fenced text and text after a colon or line break is kept as it is;
 * a spoken list («milk, eggs and bread») becomes a Markdown list.
 */
export function describedContent(introduction: string, described: string): string {
  const fenced = /^\s*```[^\n]*\n(.*?)```\s*$/s.exec(described)?.[1];
  if (fenced !== undefined) return fenced;
  const trimmed = described.trim();
  const exact = unquoted(trimmed);
  if (isQuoted(trimmed)) return exact;
  const verbatim = /:|\n|contain|say|text|content|read/i.test(introduction) || /\n/.test(trimmed);
  const items = verbatim ? undefined : spokenList(exact);
  return items ? items.map((item) => `- ${item}\n`).join("") : `${trimmed}\n`;
}

function isQuoted(text: string): boolean {
  return /^(?:"[^"]*"|“[^”]*”|'[^']*'|`[^`]*`)[.!?,]*$/s.test(text);
}

/** «milk, eggs and bread» → three items; undefined when the text reads like a sentence. */
function spokenList(text: string): string[] | undefined {
  const items = text
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/)
    .map((item) => item.replace(/^(?:a list of|the items?|items?|some)\s+/i, "").trim())
    .filter((item) => item !== "");
  const short = items.every((item) => item.split(/\s+/).length <= 5);
  return items.length >= 2 && short ? items : undefined;
}
