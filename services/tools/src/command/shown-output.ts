/** Bytes as text for the model: bad UTF-8 shows as such, half a letter at the edges is left out. */
export function toText(bytes: Buffer): string {
  return new TextDecoder("utf-8").decode(bytes).replace(/^\u{fffd}+|\u{fffd}+$/gu, "");
}

/** The beginning and the end of an output, of which `size` bytes exist; whole when both together hold it. */
export function toHeadAndTail(
  size: number,
  shownBytes: number,
  read: (offset: number, length: number) => Buffer,
): string {
  if (size <= 2 * shownBytes) return toText(read(0, size));
  const left = size - 2 * shownBytes;
  const tail = toText(read(size - shownBytes, shownBytes));
  return `${toText(read(0, shownBytes))}\n[… ${left} bytes left out; read_process shows them …]\n${tail}`;
}
