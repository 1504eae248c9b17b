import { listAppsRoute } from "@matrix-os/contracts/api/app";
import type { Change } from "@matrix-os/contracts/file/written.event";
import { isOwnTurn } from "../live/own-turns.ts";
import { toFailure } from "../live/failure.ts";
import { onHomeChange } from "../live/home-changes.ts";
import { call } from "../live/rest.ts";
import { soon } from "../live/soon.ts";
import { noteNewVersion, useApps } from "../state/app-store.ts";
import { useConnection } from "../state/connection-store.ts";
import { useSessions } from "../state/session-store.ts";
import { rememberAppSession } from "./app-sessions.ts";
import { type FreshApps, isComplete, noteFreshFiles, toTouchedApps } from "./fresh-apps.ts";
import { windows } from "../state/window-store.ts";

/** Quiet time after an app's last file: shorter, and a half-written app is shown; longer, and people wait. */
const FRESH_WAIT_MS = 400;
const RELOAD_WAIT_MS = 250;
const LIST_WAIT_MS = 100;

/** Reads the list of apps; a failure is kept for the launcher to show. */
export async function listApps(): Promise<void> {
  try {
    const { apps } = await call(listAppsRoute);
    useApps.setState({ apps, loading: "ready" });
  } catch (thrown) {
    const failure = toFailure(thrown);
    useApps.setState(({ loading }) => ({ loading: loading === "ready" ? loading : { failure } }));
  }
}

/** Keeps the list of apps, their open windows and new apps up to date; returns how to stop. */
export function followApps(): () => void {
  let fresh: FreshApps = new Map();
  const reloads = new Map<string, () => void>();
  const listSoon = soon(() => void listApps(), LIST_WAIT_MS);
  const showSoon = soon(() => void showComplete(), FRESH_WAIT_MS);

  const showComplete = async (): Promise<void> => {
    await listApps();
    for (const { app, manifest, problem } of useApps.getState().apps) {
      const waiting = fresh.get(app);
      if (waiting === undefined || problem !== undefined || !isComplete(waiting, manifest.entry)) continue;
      fresh = new Map([...fresh].filter(([name]) => name !== app));
      windows.open(`app:${app}`);
    }
  };

  const reloadSoon = (app: string): void => {
    const run = reloads.get(app) ?? soon(() => noteNewVersion(app), RELOAD_WAIT_MS);
    reloads.set(app, run);
    run();
  };

  const hear = (change: Change | undefined): void => {
    const touched = change === undefined ? useApps.getState().apps.map(({ app }) => app) : toTouchedApps(change);
    if (touched.length === 0 && change?.paths.every(({ path }) => path !== "apps") === true) return;
    touched.forEach(reloadSoon);
    if (change !== undefined && isShownHere(change)) fresh = noteFreshFiles(fresh, change);
    if (touched.some((app) => fresh.has(app))) showSoon();
    listSoon();
  };

  const stopHearing = onHomeChange(hear);
  const stopConnecting = useConnection.subscribe(({ connection }, before) => {
    if (connection.phase === "open" && before.connection.phase !== "open") listSoon();
  });
  return () => {
    stopHearing();
    stopConnecting();
  };
}

/** Whether a change comes from a turn that this browser started or shows; remembers which session made which app. */
function isShownHere(change: Change): boolean {
  const { session, turn } = change.origin;
  if (session === undefined || turn === undefined) return false;
  for (const app of toTouchedApps(change)) rememberAppSession(app, session);
  return isOwnTurn(turn) || useSessions.getState().active === session;
}
