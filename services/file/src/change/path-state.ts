/** What stands at a path, as far as the history restores it: bytes (by blob id), permission bits, kind. */
export type PathState =
  | { readonly type: "file"; readonly mode: number; readonly blob: string }
  | { readonly type: "link"; readonly blob: string }
  | { readonly type: "folder"; readonly mode: number };

/** Whether two states would look the same on disk. Absent is `undefined`. */
export function isSameState(a: PathState | undefined, b: PathState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.type === "link" || b.type === "link") return a.type === b.type && "blob" in a && "blob" in b && a.blob === b.blob;
  if (a.mode !== b.mode || a.type !== b.type) return false;
  return a.type === "folder" || (b.type === "file" && a.blob === b.blob);
}

/** The mode under which a git tree keeps a file of these permissions. */
export function toGitMode(permissions: number): "100644" | "100755" {
  return (permissions & 0o100) === 0 ? "100644" : "100755";
}

/** Permissions that a git mode alone restores. */
export function fromGitMode(mode: string): number {
  return mode === "100755" ? 0o755 : 0o644;
}
