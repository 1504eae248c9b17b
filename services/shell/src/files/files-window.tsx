import { type ReactElement, useState } from "react";
import { Icon } from "../design/icon.tsx";
import { toFailure, toSentence } from "../live/failure.ts";
import { showToast } from "../state/toast-store.ts";
import { Breadcrumb } from "./breadcrumb.tsx";
import { FileViewer } from "./file-viewer.tsx";
import { FolderList } from "./folder-list.tsx";
import { toFolder, toName, uploadFile } from "./home-files.ts";
import "./files.css";

/** The home: folders, files, and a look into one. Files dropped here are put into the folder that is shown. */
export function FilesWindow(): ReactElement {
  const [at, goTo] = useState<{ readonly path: string; readonly kind: "folder" | "file" }>({
    path: "",
    kind: "folder",
  });
  const [isTarget, setTarget] = useState(false);
  const folder = at.kind === "folder" ? at.path : toFolder(at.path);
  return (
    <div
      className="files"
      data-target={isTarget}
      onDragOver={(event) => {
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        event.preventDefault();
        setTarget(false);
        void uploadAll(folder, [...event.dataTransfer.files]);
      }}
    >
      <header className="files-head">
        <Breadcrumb path={at.path} onChosen={(path) => goTo({ path, kind: "folder" })} />
        <label className="button">
          <Icon name="upload" size={16} /> Add files
          <input
            type="file"
            multiple
            className="for-screen-readers"
            onChange={(event) => {
              void uploadAll(folder, [...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
        </label>
      </header>
      {at.kind === "folder" ? (
        <FolderList
          path={at.path}
          onOpened={(entry) => goTo({ path: entry.path, kind: entry.type === "folder" ? "folder" : "file" })}
        />
      ) : (
        <FileViewer key={at.path} path={at.path} onGone={() => goTo({ path: folder, kind: "folder" })} />
      )}
    </div>
  );
}

async function uploadAll(folder: string, files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      await uploadFile(folder, file);
    } catch (thrown) {
      const { code } = toFailure(thrown);
      const sentence = code === "conflict" ? toSentence("already-exists") : toSentence(code);
      showToast({ title: `${toName(file.name)} was not added`, body: sentence });
    }
  }
}
