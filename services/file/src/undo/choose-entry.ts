import { rejected } from "@matrix-os/contracts/errors";
import type { HistoryEntries, HistoryEntry } from "../change/history-entries.ts";

/** What an undo or redo was asked to reverse. */
export interface Wish {
  readonly direction: "undo" | "redo";
  readonly entry?: string | undefined;
  /** The running turn that asks, if one does. */
  readonly turn?: string | undefined;
}

/**
 * The entry to reverse. Inside a turn: what this turn changed itself, else the newest change before it.
 * A redo reverses the newest undo. Errors: `nothing-to-undo`, `not-found`.
 */
export function chooseEntry(entries: HistoryEntries, wish: Wish): HistoryEntry {
  if (wish.entry !== undefined) return chooseNamed(entries, wish.entry, wish.direction);
  const found =
    wish.direction === "redo" ? newestUndo(entries) : (ownOfTurn(entries, wish.turn) ?? newestChange(entries));
  if (found === undefined) throw rejected("nothing-to-undo", `there is nothing to ${wish.direction}`);
  return found;
}

function chooseNamed(entries: HistoryEntries, id: string, direction: "undo" | "redo"): HistoryEntry {
  const named = entries.get(id);
  if (named === undefined) throw rejected("not-found", `the history has no entry ${id}`, { field: "entry" });
  if (direction === "undo" && named.state === "applied") return named;
  const undo = direction === "undo" ? undefined : newestUndo(entries, id);
  if (undo === undefined)
    throw rejected(
      "nothing-to-undo",
      `entry ${id} is ${named.state}; it can't be ${direction === "undo" ? "undone" : "redone"}`,
    );
  return undo;
}

function ownOfTurn(entries: HistoryEntries, turn: string | undefined): HistoryEntry | undefined {
  const own = turn === undefined ? undefined : entries.ofTurn(turn);
  return own?.state === "applied" ? own : undefined;
}

function newestChange(entries: HistoryEntries): HistoryEntry | undefined {
  return entries.newestFirst().find((entry) => entry.state === "applied" && entry.reverses === undefined);
}

/** The newest applied undo (of one entry, or that entry itself); a redo is no undo, for what it reversed was one. */
function newestUndo(entries: HistoryEntries, of?: string): HistoryEntry | undefined {
  return entries.newestFirst().find((entry) => {
    if (entry.reverses === undefined || entry.state === "undone") return false;
    if (of !== undefined && entry.id !== of && entry.reverses !== of) return false;
    return entries.get(entry.reverses)?.reverses === undefined;
  });
}
