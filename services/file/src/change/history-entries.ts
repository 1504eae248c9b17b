import type { Origin } from "@matrix-os/contracts/define";
import type { ChangeLine } from "./change-line.ts";

type Kind = "created" | "updated" | "deleted";

/** One thing the owner can take back: a turn's changes together, or one change outside a turn. */
export interface HistoryEntry {
  readonly id: string;
  readonly origin: Origin;
  readonly reverses: string | undefined;
  at: string;
  state: "applied" | "undone";
  pathCount: number;
  /** What each path went through, taken together; a path created and deleted again keeps no mark. */
  readonly paths: Map<string, Kind>;
  /** The commits of the entry in order; `undefined` stands for a change whose snapshot is lost. */
  readonly commits: (string | undefined)[];
}

/** Entries kept in memory; older ones stay in the git history only. */
const MAX_ENTRIES = 10_000;

/** The history as people see it, folded from change lines in `seq` order. Newest last. */
export class HistoryEntries {
  readonly #entries = new Map<string, HistoryEntry>();
  readonly #entryOfTurn = new Map<string, string>();

  /** Folds the next change in. */
  add(line: ChangeLine): void {
    const entry = this.#entryFor(line);
    entry.at = line.at;
    entry.commits.push(line.commit);
    for (const { path, kind } of line.paths) addPath(entry.paths, path, kind);
    entry.pathCount =
      line.pathCount > line.paths.length
        ? entry.pathCount + line.pathCount
        : Math.max(entry.pathCount, entry.paths.size);
    if (line.reverses !== undefined) this.#reverse(line.reverses);
    this.#bound();
  }

  /** The entry with this id. */
  get(id: string): HistoryEntry | undefined {
    return this.#entries.get(id);
  }

  /** The entry that gathers the changes of a running turn. */
  ofTurn(turn: string): HistoryEntry | undefined {
    const id = this.#entryOfTurn.get(turn);
    return id === undefined ? undefined : this.#entries.get(id);
  }

  /** All entries, the newest first. */
  newestFirst(): HistoryEntry[] {
    return [...this.#entries.values()].toReversed();
  }

  #entryFor(line: ChangeLine): HistoryEntry {
    const turn = line.reverses === undefined ? line.origin.turn : undefined;
    const running = turn === undefined ? undefined : this.ofTurn(turn);
    if (running !== undefined && running.state === "applied") return running;
    const entry: HistoryEntry = {
      id: line.change,
      origin: line.origin,
      reverses: line.reverses,
      at: line.at,
      state: "applied",
      pathCount: 0,
      paths: new Map(),
      commits: [],
    };
    this.#entries.set(entry.id, entry);
    if (turn !== undefined) this.#entryOfTurn.set(turn, entry.id);
    return entry;
  }

  /** An undo takes an entry back; undoing the undo applies it again. */
  #reverse(id: string): void {
    const target = this.#entries.get(id);
    if (target === undefined) return;
    target.state = "undone";
    if (target.reverses === undefined) return;
    const original = this.#entries.get(target.reverses);
    if (original !== undefined) original.state = "applied";
  }

  #bound(): void {
    if (this.#entries.size <= MAX_ENTRIES) return;
    const oldest = this.#entries.values().next().value;
    if (oldest === undefined) return;
    this.#entries.delete(oldest.id);
    if (oldest.origin.turn !== undefined && this.#entryOfTurn.get(oldest.origin.turn) === oldest.id)
      this.#entryOfTurn.delete(oldest.origin.turn);
  }
}

function addPath(paths: Map<string, Kind>, path: string, kind: Kind): void {
  const before = paths.get(path);
  if (before === "created" && kind === "deleted") paths.delete(path);
  else if (before === "created") paths.set(path, "created");
  else if (before === "deleted" && kind === "created") paths.set(path, "updated");
  else paths.set(path, kind);
}

/** Words for an entry: its path, or its first paths and how many more. */
export function toSummary(paths: readonly string[], pathCount: number): string {
  const [first = "nothing", second] = paths;
  if (pathCount <= 1) return first;
  if (pathCount === 2 && second !== undefined) return `${first}, ${second}`;
  return `${first} and ${pathCount - 1} more`;
}
