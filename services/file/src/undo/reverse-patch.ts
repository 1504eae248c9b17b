import { isReserved } from "../home-path/home-rules.ts";
import { type PathState, isSameState } from "../change/path-state.ts";

/** One path of an entry: each time the entry touched it, what stood there before and after; and what stands there now. */
export interface TouchedPath {
  readonly path: string;
  readonly touches: readonly { readonly before: PathState | undefined; readonly after: PathState | undefined }[];
  readonly current: PathState | undefined;
}

/** What reversing an entry does: paths to put back, and paths left alone because something else changed them since. */
export interface ReversePatch {
  readonly restore: readonly {
    readonly path: string;
    readonly from: PathState | undefined;
    readonly to: PathState | undefined;
  }[];
  readonly conflicts: readonly string[];
}

/** Decides path by path; what is already as before needs nothing. */
export function planReversePatch(paths: readonly TouchedPath[]): ReversePatch {
  const restore: { path: string; from: PathState | undefined; to: PathState | undefined }[] = [];
  const conflicts: string[] = [];
  for (const { path, touches, current } of paths) {
    const to = touches[0]?.before;
    const left = touches.at(-1)?.after;
    if (isSameState(to, left) || isSameState(to, current)) continue;
    if (isReserved(path) || !isUnbroken(touches) || !isSameState(left, current)) conflicts.push(path);
    else restore.push({ path, from: current, to });
  }
  return { restore, conflicts: [...new Set(conflicts)].toSorted() };
}

/** Whether nobody else wrote the path between two touches of the entry. */
function isUnbroken(touches: TouchedPath["touches"]): boolean {
  return touches.every((touch, at) => at === 0 || isSameState(touches[at - 1]?.after, touch.before));
}
