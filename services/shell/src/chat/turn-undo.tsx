import { type ReactElement, useState } from "react";
import { Icon } from "../design/icon.tsx";
import { undoEntry, redoEntry } from "../history/change-history.ts";
import { useHistory } from "../state/history-store.ts";
import { count } from "./step-words.ts";

/** Offers to take back what a turn changed, when it changed something that is still in the history. */
export function TurnUndo({ turn }: { readonly turn: string }): ReactElement | null {
  const entry = useHistory(({ entries }) =>
    entries.find((one) => one.origin.turn === turn && one.reverses === undefined),
  );
  const [isBusy, setBusy] = useState(false);
  if (entry === undefined || entry.pathCount === 0) return null;
  const isUndone = entry.state === "undone";
  const run = async (): Promise<void> => {
    setBusy(true);
    await (isUndone ? redoEntry(entry.id) : undoEntry(entry.id));
    setBusy(false);
  };
  return (
    <button type="button" className="turn-undo" disabled={isBusy} onClick={() => void run()}>
      <Icon name={isUndone ? "redo" : "undo"} size={15} />
      {isUndone ? `Undone · redo ${count(entry.pathCount, "change")}` : `Undo ${count(entry.pathCount, "change")}`}
    </button>
  );
}
