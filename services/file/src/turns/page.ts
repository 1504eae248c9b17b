/** Bytes that one page of lines may have; a single longer line still fits a page of its own. */
export const MAX_PAGE_BYTES = 200_000;

/** The lines of a page: from the first wanted one as many as fit, always at least one. `to` is the line after the last. */
export function pageOf(
  offsets: readonly number[],
  from: number,
): { readonly to: number; readonly start: number; readonly end: number } {
  const count = offsets.length - 1;
  const start = offsets[Math.min(from, count)] ?? 0;
  let to = Math.min(from + 1, count);
  while (to < count && (offsets[to + 1] ?? 0) - start <= MAX_PAGE_BYTES) to += 1;
  return { to, start, end: offsets[Math.max(to, Math.min(from, count))] ?? start };
}
