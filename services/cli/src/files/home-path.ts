/**
 * A path as people type it, relative to the home as the API wants it. A shell makes `~/matrix-os/apps` or a completed
 * folder `apps/` out of it: both mean the same. What is outside the home stays as it is and is refused by the gateway.
 */
export function toHomePath(typed: string, home: string): string {
  const inside = typed === home ? "" : typed.startsWith(`${home}/`) ? typed.slice(home.length + 1) : typed;
  const path = inside.replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
  return path === "." || path === "~" ? "" : path;
}
