const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** A line that goes on with the block before it: indented, a list item, or a quote. */
const GOES_ON = /^(\s+\S|\s*[-*+](\s|$)|\s*\d+[.)](\s|$)|>)/;

/**
 * Cuts Markdown that is still being written into blocks, so that only the last one has to be read again. The blocks joined
 * again are the text; fenced code, lists and quotes are never cut.
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let current = "";
  let fence: string | undefined;
  let afterBlank = false;
  for (const line of text.split(/(?<=\n)/)) {
    const isBlank = line.trim() === "";
    if (fence === undefined && afterBlank && !isBlank && !GOES_ON.test(line)) {
      blocks.push(current);
      current = "";
    }
    current += line;
    fence = toFence(fence, line);
    afterBlank = isBlank;
  }
  return current === "" ? blocks : [...blocks, current];
}

/** The fence that is open after a line. */
function toFence(open: string | undefined, line: string): string | undefined {
  const mark = FENCE.exec(line)?.[1];
  if (open === undefined) return mark;
  const closes = mark !== undefined && mark.startsWith(open) && line.trim() === mark;
  return closes ? undefined : open;
}
