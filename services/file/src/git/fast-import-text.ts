/** Bytes of a known length, opened when the snapshot is written. */
export interface StepContent {
  readonly size: number;
  readonly parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** One step from the previous tree to the next. A `put` whose file has gone meanwhile is left out. */
export type TreeStep =
  | { readonly step: "put"; readonly path: string; readonly mode: string; readonly open: () => StepContent | undefined }
  | { readonly step: "remove"; readonly path: string }
  | { readonly step: "rename"; readonly from: string; readonly to: string };

/** A snapshot to make. */
export interface Commit {
  readonly ref: string;
  readonly parent: string | undefined;
  readonly actor: string;
  readonly committer: string;
  readonly at: Date;
  readonly message: string;
  readonly steps: readonly TreeStep[];
}

/** A path as fast-import reads it, whatever characters it has. */
export function quotePath(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** A step that puts these bytes at a path. */
export function putBytes(path: string, mode: string, bytes: Uint8Array): TreeStep {
  return { step: "put", path, mode, open: () => ({ size: bytes.length, parts: [bytes] }) };
}

/** The lines before the steps of a commit. */
export function formatCommitHead(commit: Commit): string {
  const seconds = Math.floor(commit.at.getTime() / 1_000);
  return [
    `commit ${commit.ref}`,
    "mark :1",
    `author ${toIdentity(commit.actor)} ${seconds} +0000`,
    `committer ${toIdentity(commit.committer)} ${seconds} +0000`,
    `data ${Buffer.byteLength(commit.message)}`,
    commit.message,
    ...(commit.parent === undefined ? [] : [`from ${commit.parent}`]),
    "",
  ].join("\n");
}

function toIdentity(name: string): string {
  // oxlint-disable-next-line no-control-regex
  const plain = name.replaceAll(/[<>\0-\x1f\x7f]/g, " ").trim() || "unknown";
  return `${plain} <${plain.replaceAll(/[^A-Za-z0-9_.-]+/g, "-")}@matrix-os>`;
}

/** The line of a step without bytes. */
export function formatStep(step: Exclude<TreeStep, { step: "put" }>): string {
  return step.step === "remove" ? `D ${quotePath(step.path)}\n` : `R ${quotePath(step.from)} ${quotePath(step.to)}\n`;
}

/** The lines before the bytes of a `put`. */
export function formatPut(step: Extract<TreeStep, { step: "put" }>, size: number): string {
  return `M ${step.mode} inline ${quotePath(step.path)}\ndata ${size}\n`;
}

/** What `ls` answered: the mode and the object at a path, or `undefined`. */
export function parseLs(line: string): TreeItem | undefined {
  const found = /^(\d{6}) (?:blob|tree|commit) ([0-9a-f]{40})\t/.exec(line);
  return found?.[1] === undefined || found[2] === undefined ? undefined : { mode: found[1], id: found[2] };
}

/** Something in a tree: `100644`, `100755` and `120000` are blobs, `40000` is a folder. */
export interface TreeItem {
  readonly mode: string;
  readonly id: string;
}

/** Whether this mode of a tree item stands for a folder. */
export function isFolderMode(mode: string): boolean {
  return mode === "40000" || mode === "040000";
}

/** Whether there is an item and it is a folder. */
export function isTree(item: TreeItem | undefined): item is TreeItem {
  return item !== undefined && isFolderMode(item.mode);
}
