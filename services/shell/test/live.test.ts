import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { followHistory, readOlder, redoEntry, undoEntry } from "../src/history/change-history.ts";
import { findAppSession } from "../src/launcher/app-sessions.ts";
import { followApps } from "../src/launcher/live-apps.ts";
import { reconnect } from "../src/live/ask.ts";
import { toFailure } from "../src/live/failure.ts";
import { discard, resend, restoreOutgoing, sendOutgoing, sendText } from "../src/live/outbox.ts";
import { loadEarlier, loadSession, retrySession, showSession, stopSession } from "../src/live/sessions.ts";
import { startSystem } from "../src/live/system.ts";
import { useApps } from "../src/state/app-store.ts";
import { firstConnectionState } from "../src/state/connection-state.ts";
import { useConnection } from "../src/state/connection-store.ts";
import { useHistory } from "../src/state/history-store.ts";
import { useSessions } from "../src/state/session-store.ts";
import { useToasts } from "../src/state/toast-store.ts";
import { useWindows } from "../src/state/window-store.ts";
import { type Page, openPage } from "./page.ts";

const WITHIN = { timeout: 20_000 };
let page: Page;
let stop: () => void;

beforeEach(async () => {
  page = await openPage();
  useConnection.setState({ connection: firstConnectionState, facts: undefined });
  useSessions.setState({ list: [], views: {}, loading: {}, running: {}, outgoing: [], active: undefined });
  useApps.setState({ apps: [], loading: "loading", versions: {} });
  useWindows.setState({ layout: [] });
  stop = startSystem();
  await expect.poll(() => useConnection.getState().connection.phase, WITHIN).toBe("open");
});

afterEach(async () => {
  stop();
  await page[Symbol.asyncDispose]();
});

async function sendAndAnswer(text: string, session?: string): Promise<string> {
  const sent = await sendText(text, session);
  if ("failure" in sent) throw new Error(sent.failure.detail);
  await expect.poll(() => useSessions.getState().views[sent.session]?.messages.at(-1)?.status, WITHIN).toBe("done");
  return sent.session;
}

describe("a message", () => {
  test("starts a session that is shown and followed to its answer; the next goes to the same one", async () => {
    const session = await sendAndAnswer("what is in my home?");
    expect(useSessions.getState().active).toBe(session);
    expect(await sendAndAnswer("and in my home now?", session)).toBe(session);
    const messages = useSessions.getState().views[session]?.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(useSessions.getState().outgoing).toEqual([]);
    await expect.poll(() => useSessions.getState().list.map(({ id }) => id), WITHIN).toEqual([session]);
  });

  test("whose answer is lost with the connection is sent again and is still one message", async () => {
    page.gateway.loseNextAnswer = true;
    await sendAndAnswer("what is in my home?");
    expect(page.gateway.turns.turns).toHaveLength(1);
  });

  test("written while the gateway is away waits, and goes when it is back", async () => {
    page.gateway.cut(600);
    await expect.poll(() => useConnection.getState().connection.phase, WITHIN).not.toBe("open");
    const sent = sendText("what is in my home?", undefined);
    expect(useSessions.getState().outgoing).toHaveLength(1);
    expect("failure" in (await sent)).toBe(false);
    expect(useConnection.getState().connection.justBack).toBe(true);
  });

  test("that is long goes by a request, which can be refused for good and then sent again or given up", async () => {
    const long = "in my home? ".repeat(2_000);
    const refused = await sendText(long, undefined);
    expect(refused).toMatchObject({ failure: { code: "not-found" } });
    const [kept] = useSessions.getState().outgoing;
    expect(kept).toMatchObject({ failure: { code: "not-found" } });
    sendOutgoing();
    resend(kept?.key ?? "");
    await expect.poll(() => useSessions.getState().outgoing[0]?.failure, WITHIN).toBeDefined();
    expect(discard(kept?.key ?? "")).toBe(long);
    expect(discard("unknown")).toBe("");
    expect(useSessions.getState().outgoing).toEqual([]);
  });

  test("that an earlier load of the page could not send is taken over", () => {
    const outgoing = [{ key: "k1", text: "hello", session: "s_9" }];
    page.kept.setItem("matrix-os.outgoing", JSON.stringify(outgoing));
    restoreOutgoing();
    expect(useSessions.getState().outgoing).toEqual(outgoing);
    page.kept.setItem("matrix-os.outgoing", "{not json");
    useSessions.setState({ outgoing: [] });
    restoreOutgoing();
    expect(useSessions.getState().outgoing).toEqual([]);
  });
});

describe("a session", () => {
  test("that failed can be tried again; one that runs can be stopped; one that is not there tells why", async () => {
    const sent = await sendText("please fail", undefined);
    if ("failure" in sent) throw new Error("not sent");
    const status = () => useSessions.getState().views[sent.session]?.messages.at(-1)?.status;
    await expect.poll(status, WITHIN).toBe("failed");
    await retrySession(sent.session);
    await expect.poll(status, WITHIN).toBe("done");
    await stopSession(sent.session);
    await loadSession("s_404");
    expect(useSessions.getState().loading["s_404"]).toMatchObject({ failure: { code: "not-found" } });
  });

  test("is read when it is shown, with no more than eight kept", async () => {
    for (let n = 0; n < 10; n += 1) await sendAndAnswer(`number ${n} in my home`);
    showSession(undefined);
    expect(useSessions.getState().active).toBeUndefined();
    const first = page.gateway.turns.turns[0]?.session ?? "";
    useSessions.setState(({ views: { [first]: _forgotten, ...views } }) => ({ views }));
    showSession(first);
    await expect.poll(() => useSessions.getState().views[first]?.messages.length, WITHIN).toBe(2);
    await loadEarlier(first);
    await loadEarlier("unknown");
    expect(Object.keys(useSessions.getState().views).length).toBeLessThanOrEqual(11);
  });
});

describe("the connection", () => {
  test("ends its attempts when this browser is not logged in, and begins again when somebody asks", async () => {
    page.gateway.loggedIn = false;
    page.gateway.cut(0);
    await expect.poll(() => useConnection.getState().connection.phase, WITHIN).toBe("logged-out");
    page.gateway.loggedIn = true;
    reconnect();
    await expect.poll(() => useConnection.getState().connection.phase, WITHIN).toBe("open");
  });

  test("is tried at once when the page is looked at or the network is back", async () => {
    page.gateway.cut(0);
    await expect.poll(() => useConnection.getState().connection.phase, WITHIN).not.toBe("open");
    page.document.visibilityState = "hidden";
    page.document.dispatchEvent(new Event("visibilitychange"));
    page.document.visibilityState = "visible";
    page.document.dispatchEvent(new Event("visibilitychange"));
    globalThis.dispatchEvent(new Event("online"));
    await expect.poll(() => useConnection.getState().connection.phase, WITHIN).toBe("open");
  });

  test("that is gone refuses questions", async () => {
    stop();
    await expect(stopSession("s_1")).rejects.toMatchObject({ failure: { code: "offline" } });
    expect(toFailure(new Error("other"))).toMatchObject({ code: "internal" });
    stop = () => undefined;
  });
});

describe("what the kernel makes", () => {
  test("an app that was asked for here opens by itself, its list is kept, its session remembered", async () => {
    const end = followApps();
    const session = await sendAndAnswer("make me a habit tracker");
    await expect.poll(() => useWindows.getState().layout.map(({ id }) => id), WITHIN).toEqual(["app:habit-tracker"]);
    expect(useApps.getState().apps.map(({ app }) => app)).toEqual(["habit-tracker"]);
    expect(findAppSession("habit-tracker")).toBe(session);
    await sendAndAnswer("make it dark", session);
    await expect.poll(() => useApps.getState().versions["habit-tracker"], WITHIN).toBeGreaterThanOrEqual(1);
    end();
  });

  test("stands in the history, can be taken back and brought again, and says so", async () => {
    const end = followHistory();
    await sendAndAnswer("make it dark");
    await expect.poll(() => useHistory.getState().entries.length, WITHIN).toBe(1);
    const id = useHistory.getState().entries[0]?.id ?? "";
    await undoEntry(id);
    await redoEntry(id);
    await undoEntry("c_404");
    expect(
      useToasts
        .getState()
        .toasts.slice(-3)
        .map(({ title }) => title),
    ).toEqual(["Undone", "Redone", expect.stringMatching(/isn’t there/)]);
    await readOlder();
    useHistory.setState({ entries: [] });
    await readOlder();
    expect(useHistory.getState().entries).toEqual([]);
    end();
  });
});
