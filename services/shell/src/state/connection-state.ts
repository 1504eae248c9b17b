/** Where the one connection to the gateway stands. */
export interface ConnectionState {
  readonly phase: "connecting" | "open" | "waiting" | "logged-out";
  /** Attempts since it was last open. */
  readonly attempt: number;
  /** Whether it was ever open since the page was loaded. */
  readonly wasOpen: boolean;
  /** True from a lost connection until the person has been told that it is back. */
  readonly justBack: boolean;
}

/** What happens to the connection. */
export type ConnectionEvent = "attempt" | "opened" | "lost" | "refused" | "told-back";

/** Before the first attempt. */
export const firstConnectionState: ConnectionState = {
  phase: "connecting",
  attempt: 0,
  wasOpen: false,
  justBack: false,
};

/** The state after an event. `refused` (not logged in) ends the attempts until somebody tries again. */
export function evolveConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event) {
    case "attempt":
      return { ...state, phase: "connecting", attempt: state.attempt + 1 };
    case "opened":
      return { phase: "open", attempt: 0, wasOpen: true, justBack: state.wasOpen };
    case "lost":
      return state.phase === "logged-out" ? state : { ...state, phase: "waiting", justBack: false };
    case "refused":
      return { ...state, phase: "logged-out" };
    case "told-back":
      return { ...state, justBack: false };
    default:
      return event satisfies never;
  }
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4_000;

/** How long to wait before the next attempt: doubles up to 4 s; `chance` (0 to 1) spreads browsers apart. */
export function toWaitMs(attempt: number, chance: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt, 10), LONGEST_WAIT_MS);
  return Math.round(wait * (0.75 + chance / 2));
}
