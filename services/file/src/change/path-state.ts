import { z } from "zod";

/** What stands at a path, as far as the history restores it: bytes (by blob id), permission bits, kind. */
export const pathState = z.discriminatedUnion("type", [
  z.object({ type: z.literal("file"), mode: z.number(), blob: z.string() }),
  z.object({ type: z.literal("link"), blob: z.string() }),
  z.object({ type: z.literal("folder"), mode: z.number() }),
]);

/** A checked `pathState`. */
export type PathState = Readonly<z.infer<typeof pathState>>;

/** Whether two states would look the same on disk. Absent is `undefined`. */
export function isSameState(a: PathState | undefined, b: PathState | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && toMark(a) === toMark(b));
}

function toMark(state: PathState): string {
  switch (state.type) {
    case "file":
      return `file ${state.mode} ${state.blob}`;
    case "link":
      return `link ${state.blob}`;
    case "folder":
      return `folder ${state.mode}`;
  }
}

/** The mode under which a git tree keeps a file of these permissions. */
export function toGitMode(permissions: number): "100644" | "100755" {
  return (permissions & 0o100) === 0 ? "100644" : "100755";
}

/** Permissions that a git mode alone restores. */
export function fromGitMode(mode: string): number {
  return mode === "100755" ? 0o755 : 0o644;
}
