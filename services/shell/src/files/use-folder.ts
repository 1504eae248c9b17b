import type { FileList } from "@matrix-os/contracts/api/files";
import { useEffect, useState } from "react";
import { type Failure, toFailure } from "../live/failure.ts";
import { onHomeChange, touches } from "../live/home-changes.ts";
import { soon } from "../live/soon.ts";
import { useConnection } from "../state/connection-store.ts";
import { listFolder } from "./home-files.ts";

const READ_WAIT_MS = 120;

/** A folder as it is shown: what it holds, or why that is not known. */
export type FolderState = { readonly path: string } & (
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly list: FileList }
  | { readonly state: "failed"; readonly failure: Failure }
);

/** What a folder holds, kept up to date. `again` reads it once more. */
export function useFolder(path: string): { readonly folder: FolderState; readonly again: () => void } {
  const [folder, setFolder] = useState<FolderState>({ path, state: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      const next = await listFolder(path).then(
        (list): FolderState => ({ path, state: "ready", list }),
        (thrown: unknown): FolderState => ({ path, state: "failed", failure: toFailure(thrown) }),
      );
      if (!isOver) setFolder(next);
    };
    const readSoon = soon(() => void read(), READ_WAIT_MS);
    void read();
    const stopHearing = onHomeChange((change) => {
      if (touches(change, path)) readSoon();
    });
    const stopConnecting = useConnection.subscribe(({ connection }, before) => {
      if (connection.phase === "open" && before.connection.phase !== "open") readSoon();
    });
    return () => {
      isOver = true;
      stopHearing();
      stopConnecting();
    };
  }, [path, round]);
  const shown = folder.path === path ? folder : { path, state: "loading" as const };
  return { folder: shown, again: () => setRound(round + 1) };
}
