import { z } from "zod";
import { keep, readKept } from "../state/kept-state.ts";

const KEY = "app-sessions";
const MAX_APPS = 200;
const keptSessions = z.record(z.string(), z.string());

/** The session in which an app was last worked on, so that what it asks goes on there. */
export function findAppSession(app: string): string | undefined {
  return readKept(KEY, keptSessions)?.[app];
}

/** Remembers the session of an app. */
export function rememberAppSession(app: string, session: string): void {
  const { [app]: _before, ...others } = readKept(KEY, keptSessions) ?? {};
  keep(KEY, Object.fromEntries([...Object.entries(others), [app, session]].slice(-MAX_APPS)));
}
