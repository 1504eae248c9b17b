import type { Change } from "@matrix-os/contracts/file/written.event";

/** Hears about each change of the home; `undefined`: some changes were lost, look at everything. */
export type HomeListener = (change: Change | undefined) => void;

const listeners = new Set<HomeListener>();

/** Tells everybody who shows files. */
export function noteChange(change: Change): void {
  for (const listener of listeners) listener(change);
}

/** Tells everybody that changes were lost. */
export function noteGap(): void {
  for (const listener of listeners) listener(undefined);
}

/** Listens to changes of the home; returns how to stop. */
export function onHomeChange(listener: HomeListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a change may touch a path or something under it; a change-set that names only its first paths may touch anything. */
export function touches(change: Change | undefined, path: string): boolean {
  if (change === undefined || change.pathCount > change.paths.length) return true;
  return path === "" || change.paths.some((one) => one.path === path || one.path.startsWith(`${path}/`));
}
