import { describe, expect, test } from "vitest";
import { type ConnectionEvent, evolveConnection, firstConnectionState, toWaitMs } from "./connection-state.ts";

const after = (...events: ConnectionEvent[]) => events.reduce(evolveConnection, firstConnectionState);

describe("the connection", () => {
  test("the first connection is nothing to talk about; one that comes back is", () => {
    expect(after("attempt", "opened")).toMatchObject({ phase: "open", justBack: false, attempt: 0 });
    expect(after("attempt", "opened", "lost", "attempt", "opened")).toMatchObject({ phase: "open", justBack: true });
    expect(after("attempt", "opened", "lost", "attempt", "opened", "told-back").justBack).toBe(false);
  });

  test("attempts are counted until it is open", () => {
    expect(after("attempt", "lost", "attempt", "lost")).toMatchObject({ phase: "waiting", attempt: 2, wasOpen: false });
  });

  test("not logged in stays so, whatever the socket does, until somebody tries again", () => {
    expect(after("attempt", "refused", "lost").phase).toBe("logged-out");
    expect(after("attempt", "refused", "attempt").phase).toBe("connecting");
  });

  test("waits double up to four seconds and are spread by a quarter either way", () => {
    expect([0, 1, 2, 3].map((attempt) => toWaitMs(attempt, 0.5))).toEqual([250, 500, 1_000, 2_000]);
    expect(toWaitMs(50, 0.5)).toBe(4_000);
    expect(toWaitMs(2, 0)).toBe(750);
    expect(toWaitMs(2, 1)).toBe(1_250);
  });
});
