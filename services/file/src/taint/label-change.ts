import type { Origin } from "@matrix-os/contracts/define";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import { toArea } from "@matrix-os/policy/area";

/** Whose words a file holds, and whose it ever held: a restored version may be any of the earlier ones. */
export interface Labels {
  readonly now: readonly Taint[];
  readonly ever: readonly Taint[];
}

/** How a file came to be what it is now. */
export interface Writing {
  readonly origin: Origin;
  /** The old text is still in it. */
  readonly isPartial?: boolean | undefined;
  /** An earlier version was put back. */
  readonly isRestored?: boolean | undefined;
  /** The owner approved of exactly this writing. */
  readonly isApproved?: boolean | undefined;
}

/** A file that nobody but the owner has written. */
export const unlabelled: Labels = { now: [], ever: [] };

/** The labels of a file after it was written. */
export function toLabels(path: string, before: Labels, writing: Writing): Labels {
  const now = toPresent(path, before, writing);
  return { now, ever: joinTaints(before.ever, now) };
}

function toPresent(path: string, before: Labels, { origin, isPartial, isRestored, isApproved }: Writing): Taint[] {
  if (isRestored === true) return joinTaints(before.ever);
  if (isApproved === true || origin.actor === "owner") return [];
  if (origin.actor === "outside") return fromOutside(path, before);
  const own: Taint[] = origin.actor.startsWith("app:") ? ["app"] : [];
  return joinTaints(own, origin.taint, isPartial === true ? before.now : []);
}

/** Who edits the system's own files from outside is the owner, for nobody else could; everything else may have come from anywhere. */
function fromOutside(path: string, before: Labels): Taint[] {
  return toArea(path) === "open" ? joinTaints(before.now, ["file"]) : [];
}
