/** The beginning of a text that takes at most `maxBytes` as JSON, whatever its letters; never half a letter. */
export function cutToJsonBytes(text: string, maxBytes: number): string {
  let kept = text;
  for (;;) {
    const size = toJsonBytes(kept);
    if (size <= maxBytes) return kept === text ? text : kept.toWellFormed();
    kept = kept.slice(0, Math.floor(kept.length * 0.98 * (maxBytes / size)));
  }
}

/** What a value takes on the bus and in a journal. */
export function toJsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
