/** One edit as `edit_file` takes it: `old` occurs exactly once in the file. */
export interface Replacement {
  old: string;
  new: string;
}

/** Where to put what. */
export interface Span {
  start: number;
  end: number;
  text: string;
}

/** An edit for the span, with as much context on both sides as it takes to be unique. */
export function replaceSpan(content: string, { start, end, text }: Span): Replacement {
  let [from, to] = [Math.max(0, start - 8), Math.min(content.length, end + 8)];
  while (!isUnique(content, content.slice(from, to)) && (from > 0 || to < content.length)) {
    from = Math.max(0, from - 16);
    to = Math.min(content.length, to + 16);
  }
  return { old: content.slice(from, to), new: content.slice(from, start) + text + content.slice(end, to) };
}

/** The content after the edits. Edits whose `old` is gone are left out. */
export function withReplacements(content: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((text, { old, new: replacement }) => text.replace(old, () => replacement), content);
}

function isUnique(content: string, part: string): boolean {
  return part !== "" && content.indexOf(part) === content.lastIndexOf(part);
}
