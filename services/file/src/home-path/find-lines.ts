const MAX_LINE_LENGTH = 300;
const MAX_LINES_PER_FILE = 200;

/** The lines of a text that contain a query (in lower case already), with their numbers. Bytes with a zero are no text. */
export function findLines(bytes: Buffer, query: string): { readonly line: number; readonly text: string }[] {
  if (bytes.subarray(0, 8_192).includes(0)) return [];
  const text = bytes.toString("utf8");
  const folded = text.toLowerCase();
  if (!folded.includes(query)) return [];
  const found: { line: number; text: string }[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const place = line.toLowerCase().indexOf(query);
    if (place < 0) continue;
    found.push({ line: at + 1, text: clip(line.trimEnd(), place) });
    if (found.length === MAX_LINES_PER_FILE) break;
  }
  return found;
}

/** A long line is cut around the place that matters. */
function clip(line: string, place: number): string {
  if (line.length <= MAX_LINE_LENGTH) return line;
  const start = Math.max(0, place - MAX_LINE_LENGTH / 3);
  return line.slice(start, start + MAX_LINE_LENGTH);
}
