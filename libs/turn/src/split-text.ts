/** Where a text may be parted, the best first; at least this share of a part must stand before it. */
const SEAMS = ["\n\n", "\n", ". ", " "];
const MIN_SHARE = 0.5;

/** A text in pieces of at most so many characters, parted between paragraphs, lines, sentences or words; never inside a letter. */
export function splitText(text: string, maxLength: number): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > maxLength) {
    const end = findEnd(rest, maxLength);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== "") pieces.push(rest);
  return pieces;
}

function findEnd(text: string, maxLength: number): number {
  for (const seam of SEAMS) {
    const at = text.lastIndexOf(seam, maxLength - seam.length);
    if (at >= maxLength * MIN_SHARE) return at + seam.length;
  }
  return isInsideLetter(text, maxLength) ? maxLength - 1 : maxLength;
}

function isInsideLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
