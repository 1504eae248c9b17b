import { createHash } from "node:crypto";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";

/** Bytes of a tool's output that a journal line keeps itself. */
const MAX_INLINE_BYTES = 16_384;
/** Characters of a larger output that its line keeps from the beginning, and from the end. */
const KEPT_CHARS = 1_000;

/** A tool's output that is kept in a file of its own. */
export interface LargeOutput {
  /** SHA-256 of its bytes; also the file's name. */
  readonly hash: string;
  readonly sizeBytes: number;
}

type ToolResult = Extract<TurnRecord, { kind: "tool.result" }>;
type StoredResult = ToolResult & { readonly blob: LargeOutput };

/** A record as its line keeps it, and the bytes that go into a file of their own, if any. The same record always gives the same. */
export function toStored(record: TurnRecord): { readonly record: TurnRecord; readonly bytes?: Buffer } {
  if (record.kind !== "tool.result" || record.text.length * 3 <= MAX_INLINE_BYTES) return { record };
  const bytes = Buffer.from(record.text);
  if (bytes.length <= MAX_INLINE_BYTES) return { record };
  const text = `${record.text.slice(0, KEPT_CHARS)}\n[…]\n${record.text.slice(-KEPT_CHARS)}`.toWellFormed();
  const stored: StoredResult = { ...record, text, blob: { hash: toHash(bytes), sizeBytes: bytes.length } };
  return { record: stored, bytes };
}

/** The file that holds a line's output, if it has one. */
export function findLargeOutput({ record }: JournalLine): LargeOutput | undefined {
  return record.kind === "tool.result" && "blob" in record ? (record as StoredResult).blob : undefined;
}

/** A line as it was handed in. Without its file, or with another's bytes, it keeps beginning and end and says so. */
export function toRestored(line: JournalLine, bytes: Buffer | undefined): JournalLine {
  const { blob, ...record } = line.record as StoredResult;
  const isWhole = bytes !== undefined && toHash(bytes) === blob.hash;
  const text = isWhole ? bytes.toString() : `${record.text}\n[the middle of these ${blob.sizeBytes} bytes is lost]`;
  return { ...line, record: { ...record, text } };
}

/** The name of an output's file. */
export function toHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
