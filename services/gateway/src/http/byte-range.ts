/** A part of a file; `unsatisfiable` when it begins behind the end. */
export type ByteRange = { readonly offset: number; readonly length: number } | "unsatisfiable";

/** One byte range of a `Range` header (RFC 9110 §14); nothing for several, other units and nonsense: the whole file is sent then. */
export function readByteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const spec = header?.replaceAll(" ", "") ?? "";
  const suffix = /^bytes=-(\d{1,15})$/.exec(spec)?.[1];
  if (suffix !== undefined) return readSuffix(Number(suffix), sizeBytes);
  const [, first, last = ""] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(spec) ?? [];
  if (first === undefined) return undefined;
  return readSpan(Number(first), last === "" ? Infinity : Number(last), sizeBytes);
}

function readSpan(first: number, last: number, sizeBytes: number): ByteRange | undefined {
  if (last < first) return undefined;
  if (first >= sizeBytes) return "unsatisfiable";
  return { offset: first, length: Math.min(last, sizeBytes - 1) - first + 1 };
}

function readSuffix(length: number, sizeBytes: number): ByteRange {
  if (length === 0 || sizeBytes === 0) return "unsatisfiable";
  const sent = Math.min(length, sizeBytes);
  return { offset: sizeBytes - sent, length: sent };
}
