import type { TreeItem } from "./fast-import-text.ts";

/** The names in a tree object with what they are. */
export function parseTree(bytes: Buffer): Map<string, TreeItem> {
  const items = new Map<string, TreeItem>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const zero = bytes.indexOf(0, space);
    const id = bytes.toString("hex", zero + 1, zero + 21);
    items.set(bytes.toString("utf8", space + 1, zero), { mode: bytes.toString("latin1", at, space), id });
    at = zero + 21;
  }
  return items;
}

/** The tree, the first parent and the message of a commit object. */
export function parseCommit(bytes: Buffer): {
  readonly tree: string;
  readonly parent: string | undefined;
  readonly message: string;
  readonly at: Date;
} {
  const text = bytes.toString("utf8");
  const split = text.indexOf("\n\n");
  const head = text.slice(0, split);
  const seconds = Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(head)?.[1] ?? 0);
  return {
    tree: /^tree ([0-9a-f]+)$/m.exec(head)?.[1] ?? "",
    parent: /^parent ([0-9a-f]+)$/m.exec(head)?.[1],
    message: text.slice(split + 2),
    at: new Date(seconds * 1_000),
  };
}
