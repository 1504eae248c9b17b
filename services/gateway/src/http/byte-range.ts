/** A part of a file; `unsatisfiable` when it begins behind the end. */
export type ByteRange = { readonly offset: number; readonly length: number } | "unsatisfiable";

/** One byte range of a `Range` header (RFC 9110 §14); nothing for several, other units and nonsense: the whole file is sent then. */
export function readByteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(" ", "") ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  if (first === "") return readSuffix(Number(last), sizeBytes);
  const from = Number(first);
  if (last !== "" && Number(last) < from) return undefined;
  if (from >= sizeBytes) return "unsatisfiable";
  const to = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return { offset: from, length: to - from + 1 };
}

function readSuffix(length: number, sizeBytes: number): ByteRange {
  if (length === 0 || sizeBytes === 0) return "unsatisfiable";
  const sent = Math.min(length, sizeBytes);
  return { offset: sizeBytes - sent, length: sent };
}
