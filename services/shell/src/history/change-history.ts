import { readHistoryRoute, redoRoute, undoRoute, type Undone } from "@matrix-os/contracts/api/history";
import { toFailure, toSentence } from "../live/failure.ts";
import { onHomeChange } from "../live/home-changes.ts";
import { call } from "../live/rest.ts";
import { soon } from "../live/soon.ts";
import { useConnection } from "../state/connection-store.ts";
import { useHistory } from "../state/history-store.ts";
import { showToast } from "../state/toast-store.ts";

const PAGE = 60;
const READ_WAIT_MS = 250;

/** Reads the newest entries; a failure is kept for the window to show. */
export async function readHistory(): Promise<void> {
  try {
    useHistory.setState({ ...(await call(readHistoryRoute, { query: { limit: PAGE } })), loading: "ready" });
  } catch (thrown) {
    const failure = toFailure(thrown);
    useHistory.setState(({ loading }) => ({ loading: loading === "ready" ? loading : { failure } }));
  }
}

/** Reads entries older than those that were read. */
export async function readOlder(): Promise<void> {
  const before = useHistory.getState().entries.at(-1)?.id;
  if (before === undefined) return;
  const { entries, more } = await call(readHistoryRoute, { query: { limit: PAGE, before } });
  useHistory.setState((state) => ({ entries: [...state.entries, ...entries], more }));
}

/** Keeps the history up to date; returns how to stop. */
export function followHistory(): () => void {
  const readSoon = soon(() => void readHistory(), READ_WAIT_MS);
  const stopHearing = onHomeChange(readSoon);
  const stopConnecting = useConnection.subscribe(({ connection }, before) => {
    if (connection.phase === "open" && before.connection.phase !== "open") readSoon();
  });
  return () => {
    stopHearing();
    stopConnecting();
  };
}

/** Takes an entry back and tells what came of it. Never fails: failures are told too. */
export async function undoEntry(entry: string): Promise<void> {
  await tell("Undone", () => call(undoRoute, { body: { entry } }));
}

/** Brings an undone entry back and tells what came of it. Never fails: failures are told too. */
export async function redoEntry(entry: string): Promise<void> {
  await tell("Redone", () => call(redoRoute, { body: { entry } }));
}

async function tell(done: string, change: () => Promise<Undone>): Promise<void> {
  try {
    const { summary, conflicts, withheld } = await change();
    const left = conflicts.length === 0 ? "" : ` · left alone, changed since: ${conflicts.join(", ")}`;
    const lost = withheld.length === 0 ? "" : ` · never kept, for it held a secret: ${withheld.join(", ")}`;
    showToast({ title: done, body: `${summary}${left}${lost}` });
  } catch (thrown) {
    showToast({ title: toSentence(toFailure(thrown).code) });
  }
  await readHistory();
}
