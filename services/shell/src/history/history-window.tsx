import { type ReactElement, useState } from "react";
import { count } from "../chat/step-words.ts";
import { EmptyState, FailureState, Skeleton } from "../design/parts.tsx";
import { Icon } from "../design/icon.tsx";
import { toWhen } from "../design/when.ts";
import { type HistoryEntry, useHistory } from "../state/history-store.ts";
import { readHistory, readOlder, redoEntry, undoEntry } from "./change-history.ts";
import "./history.css";

/** What changed the home, newest first, each with a way back. */
export function HistoryWindow(): ReactElement {
  const { entries, more, loading } = useHistory();
  if (loading === "loading") return <Skeleton label="Loading the history" />;
  if (typeof loading === "object") return <FailureState failure={loading.failure} onRetry={() => void readHistory()} />;
  if (entries.length === 0) {
    return (
      <EmptyState title="Nothing has changed yet">
        <p>Every change of your files, by you or by Matrix OS, will stand here and can be undone.</p>
      </EmptyState>
    );
  }
  return (
    <div className="history scroll">
      <ol aria-label="History">
        {entries.map((entry) => (
          <EntryItem key={entry.id} entry={entry} />
        ))}
      </ol>
      {more && (
        <button type="button" className="button plain" onClick={() => void readOlder()}>
          Show older changes
        </button>
      )}
    </div>
  );
}

function EntryItem({ entry }: { readonly entry: HistoryEntry }): ReactElement {
  const [isOpen, open] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const isUndone = entry.state === "undone";
  const reverse = async (): Promise<void> => {
    setBusy(true);
    await (isUndone ? redoEntry(entry.id) : undoEntry(entry.id));
    setBusy(false);
  };
  return (
    <li className="change" data-state={entry.state}>
      <button type="button" className="change-head" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        <span className="change-who" data-actor={entry.origin.actor} aria-hidden="true" />
        <span className="change-text">
          <span className="change-summary">{entry.summary}</span>
          <span className="small soft">
            {toActor(entry.origin.actor)} · {toWhen(entry.at)} · {count(entry.pathCount, "file")}
            {isUndone ? " · undone" : ""}
          </span>
        </span>
        <Icon name={isOpen ? "up" : "down"} size={14} />
      </button>
      {entry.reverses === undefined && (
        <button type="button" className="button" disabled={isBusy} onClick={() => void reverse()}>
          <Icon name={isUndone ? "redo" : "undo"} size={15} /> {isUndone ? "Redo" : "Undo"}
        </button>
      )}
      {isOpen && <ChangedPaths entry={entry} />}
    </li>
  );
}

function ChangedPaths({ entry }: { readonly entry: HistoryEntry }): ReactElement {
  const left = entry.pathCount - entry.paths.length;
  return (
    <ul className="change-paths small">
      {entry.paths.map(({ path, kind }) => (
        <li key={path}>
          <span className="soft">{kind}</span> <code>{path}</code>
        </li>
      ))}
      {left > 0 && <li className="soft">and {count(left, "more file")}</li>}
    </ul>
  );
}

const actors: Readonly<Record<string, string>> = {
  owner: "You",
  kernel: "Matrix OS",
  outside: "Another program",
  app: "An app",
};

function toActor(actor: string): string {
  if (actor.startsWith("token:")) return "A token";
  return actors[actor] ?? actor;
}
