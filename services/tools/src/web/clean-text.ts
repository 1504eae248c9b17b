/** Letters that nobody sees: zero width, turned direction, tags, selectors, soft hyphens; and controls except tab and line. */
const unseen = /\p{Default_Ignorable_Code_Point}|(?![\t\n])\p{Cc}/gu;

/** The text as an eye sees it: without unseen letters, lone surrogates and heaps of blank lines. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replace(unseen, "")
    .replace(/[ \t\u00a0]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
