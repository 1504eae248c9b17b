import { type ReactElement, useState } from "react";
import { Icon } from "../design/icon.tsx";
import { EmptyState, FailureState, IconButton, Skeleton } from "../design/parts.tsx";
import { toSize, toWhen } from "../design/when.ts";
import { undoEntry } from "../history/change-history.ts";
import { toFailure, toSentence } from "../live/failure.ts";
import { showToast } from "../state/toast-store.ts";
import { type Entry, deleteFile, moveFile, toFolder, toName } from "./home-files.ts";
import { useFolder } from "./use-folder.ts";

/** What a folder holds. Everything that is done here can be undone. */
export function FolderList({
  path,
  onOpened,
}: {
  readonly path: string;
  readonly onOpened: (entry: Entry) => void;
}): ReactElement {
  const { folder, again } = useFolder(path);
  const [renamed, rename] = useState<string | undefined>(undefined);
  if (folder.state === "loading") return <Skeleton label="Loading the folder" />;
  if (folder.state === "failed") return <FailureState failure={folder.failure} onRetry={again} />;
  const { entries, truncated } = folder.list;
  if (entries.length === 0) {
    return (
      <EmptyState title="This folder is empty">
        <p>Drop files here, or ask Matrix OS to make something.</p>
      </EmptyState>
    );
  }
  return (
    <div className="scroll folder">
      <ul aria-label={path === "" ? "Home" : path}>
        {entries.map((entry) => (
          <li key={entry.path} className="entry">
            {renamed === entry.path ? (
              <RenameForm path={entry.path} onDone={() => rename(undefined)} />
            ) : (
              <EntryLine entry={entry} onOpened={() => onOpened(entry)} onRename={() => rename(entry.path)} />
            )}
          </li>
        ))}
      </ul>
      {truncated && <p className="small soft more-left">There is more in this folder than is shown here.</p>}
    </div>
  );
}

function EntryLine({
  entry,
  onOpened,
  onRename,
}: {
  readonly entry: Entry;
  readonly onOpened: () => void;
  readonly onRename: () => void;
}): ReactElement {
  const name = toName(entry.path);
  const isFolder = entry.type === "folder";
  return (
    <>
      <button type="button" className="entry-name" data-kind={entry.type} onClick={onOpened}>
        <Icon name={isFolder ? "folder" : entry.type === "link" ? "link" : "file"} />
        <span>{name}</span>
      </button>
      <span className="entry-facts small soft">{isFolder ? "" : toSize(entry.sizeBytes)}</span>
      <span className="entry-facts small soft">{toWhen(entry.modifiedAt)}</span>
      <span className="entry-actions">
        <IconButton icon="edit" label={`Rename ${name}`} onClick={onRename} />
        <IconButton icon="trash" label={`Delete ${name}`} onClick={() => void remove(entry.path)} />
      </span>
    </>
  );
}

function RenameForm({ path, onDone }: { readonly path: string; readonly onDone: () => void }): ReactElement {
  const [name, setName] = useState(toName(path));
  const folder = toFolder(path);
  const save = async (): Promise<void> => {
    const to = folder === "" ? name.trim() : `${folder}/${name.trim()}`;
    if (name.trim() !== "" && to !== path) await moveFile(path, to).catch(tellFailure);
    onDone();
  };
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        className="input"
        aria-label={`New name of ${toName(path)}`}
        value={name}
        autoFocus
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onDone();
        }}
      />
      <button type="submit" className="button primary">
        Rename
      </button>
      <button type="button" className="button plain" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}

async function remove(path: string): Promise<void> {
  try {
    const entry = await deleteFile(path);
    showToast({ title: `Deleted ${toName(path)}`, action: { label: "Undo", run: () => void undoEntry(entry) } });
  } catch (thrown) {
    tellFailure(thrown);
  }
}

function tellFailure(thrown: unknown): void {
  showToast({ title: toSentence(toFailure(thrown).code) });
}
