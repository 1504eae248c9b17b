import type { DiffLine } from "@matrix-os/contracts/policy/question";

/** Lines that are compared one with each other; longer texts are shown as taken away and put there. */
const MAX_COMPARED = 1_500;
/** Unchanged lines that are kept around a change. */
const CONTEXT = 3;

/** How a text changes, line by line; long unchanged stretches are left out, changed lines never. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [left, right] = [toLines(before), toLines(after)];
  const start = countSame(left, right);
  const end = countSame(left.slice(start).toReversed(), right.slice(start).toReversed());
  const middle = compare(left.slice(start, left.length - end), right.slice(start, right.length - end));
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: "same", text }));
  return shorten([...same(left.slice(0, start)), ...middle, ...same(left.slice(left.length - end))]);
}

function toLines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function countSame(left: readonly string[], right: readonly string[]): number {
  const at = left.findIndex((line, index) => line !== right[index]);
  return at < 0 ? left.length : at;
}

/** By the longest common subsequence. */
function compare(left: readonly string[], right: readonly string[]): DiffLine[] {
  if (left.length > MAX_COMPARED || right.length > MAX_COMPARED) return [...removed(left), ...added(right)];
  const lengths = toLengths(left, right);
  const lengthAt = (l: number, r: number) => lengths[l]?.[r] ?? 0;
  const lines: DiffLine[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const kind = left[l] === right[r] ? "same" : lengthAt(l + 1, r) >= lengthAt(l, r + 1) ? "removed" : "added";
    lines.push({ kind, text: (kind === "added" ? right[r] : left[l]) as string });
    if (kind !== "added") l += 1;
    if (kind !== "removed") r += 1;
  }
  return [...lines, ...removed(left.slice(l)), ...added(right.slice(r))];
}

function toLengths(left: readonly string[], right: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let l = left.length - 1; l >= 0; l -= 1) {
    const [row, below] = [lengths[l], lengths[l + 1]] as [Uint16Array, Uint16Array];
    for (let r = right.length - 1; r >= 0; r -= 1) {
      row[r] = left[l] === right[r] ? (below[r + 1] ?? 0) + 1 : Math.max(below[r] ?? 0, row[r + 1] ?? 0);
    }
  }
  return lengths;
}

function removed(lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind: "removed", text }));
}

function added(lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind: "added", text }));
}

function shorten(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (at: number) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== "same");
  return lines.flatMap((line, at) => {
    if (line.kind !== "same" || isNear(at)) return [line];
    return at > 0 && isNear(at - 1) ? [{ kind: "same" as const, text: "…" }] : [];
  });
}
