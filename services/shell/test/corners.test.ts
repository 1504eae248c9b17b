import type { Change } from "@matrix-os/contracts/file/written.event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openApp } from "../src/bridge/open-app.ts";
import { answerDataRequest } from "../src/bridge/answer-request.ts";
import { followHistory, readHistory } from "../src/history/change-history.ts";
import { followApps, listApps } from "../src/launcher/live-apps.ts";
import { fromResponse } from "../src/live/failure.ts";
import { noteChange, noteGap } from "../src/live/home-changes.ts";
import { isOwnTurn, noteOwnTurn } from "../src/live/own-turns.ts";
import { toBrowserName } from "../src/settings/browser-name.ts";
import { toAppName, toAppOfWindow, useApps } from "../src/state/app-store.ts";
import { firstConnectionState } from "../src/state/connection-state.ts";
import { noteConnection, useConnection } from "../src/state/connection-store.ts";
import { useHistory } from "../src/state/history-store.ts";
import { setDraft, useSessions } from "../src/state/session-store.ts";
import { useWindows, windows } from "../src/state/window-store.ts";
import { type Page, openPage } from "./page.ts";

const WITHIN = { timeout: 20_000 };
let page: Page;

beforeEach(async () => {
  page = await openPage();
  useApps.setState({ apps: [], loading: "loading", versions: {} });
  useHistory.setState({ entries: [], loading: "loading" });
  useConnection.setState({ connection: firstConnectionState });
});

afterEach(() => page[Symbol.asyncDispose]());

function answerWith(...answers: Response[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve((answers.length > 1 ? answers.shift() : answers[0]?.clone()) ?? Response.error());
  });
  return asked;
}

function problem(status: number, code: string): Response {
  return Response.json({ type: "about:blank", title: code, status, code, detail: code }, { status });
}

const change: Change = {
  seq: 1,
  change: "c_1",
  at: "2026-11-24T08:00:00.000Z",
  origin: { actor: "owner" },
  paths: [{ path: "notes/a.md", kind: "created" }],
  pathCount: 1,
};

test("lists that can't be read say why, and stay as they were once they were there", async () => {
  answerWith(problem(503, "bus-down"));
  await listApps();
  await readHistory();
  expect(useApps.getState().loading).toMatchObject({ failure: { code: "bus-down" } });
  expect(useHistory.getState().loading).toMatchObject({ failure: { code: "bus-down" } });
  useApps.setState({ loading: "ready" });
  useHistory.setState({ loading: "ready" });
  await listApps();
  await readHistory();
  expect([useApps.getState().loading, useHistory.getState().loading]).toEqual(["ready", "ready"]);
});

test("apps and history are read again when the connection is back, and when changes were lost", async () => {
  const asked = answerWith(Response.json({ apps: [], entries: [], more: false }));
  const reads = (what: string) => asked.filter((url) => url.startsWith(`/api/v1/${what}`)).length;
  const ends = [followApps(), followHistory()];
  noteConnection("opened");
  await expect.poll(() => [reads("apps"), reads("history")], WITHIN).toEqual([1, 1]);
  noteChange(change);
  await expect.poll(() => [reads("apps"), reads("history")], WITHIN).toEqual([1, 2]);
  noteGap();
  await expect.poll(() => [reads("apps"), reads("history")], WITHIN).toEqual([2, 3]);
  for (const end of ends) end();
});

test("an app waits for a storage that is busy, begins empty without one, and fails rather than lose what it had", async () => {
  const opened = () => Response.json({ url: "http://localhost/a/t/index.html", manifest: {} });
  answerWith(opened(), problem(503, "busy"), Response.json({ value: { seen: "yes" } }));
  expect(await openApp("timer")).toMatchObject({ local: { seen: "yes" } });
  answerWith(opened(), problem(403, "denied"));
  await expect(openApp("timer")).resolves.toMatchObject({ local: {} });
  answerWith(opened(), problem(507, "disk-failed"));
  await expect(openApp("timer")).rejects.toMatchObject({ failure: { code: "disk-failed" } });
});

test("an app reads its files up to a bound, and a storage without keys", async () => {
  answerWith(new Response("text", { headers: { "content-length": "4" } }));
  expect(await answerDataRequest("timer", { id: 1, do: "files.read", path: "a" })).toBe("text");
  answerWith(new Response("", { headers: { "content-length": "2000001" } }));
  await expect(answerDataRequest("timer", { id: 1, do: "files.read", path: "a" })).rejects.toMatchObject({
    code: "too-large",
  });
  answerWith(Response.json({}));
  expect(await answerDataRequest("timer", { id: 1, do: "storage.keys" })).toEqual([]);
  answerWith(Response.json([]));
  expect(await answerDataRequest("timer", { id: 1, do: "files.list", path: "" })).toEqual([]);
  expect(await answerDataRequest("timer", { id: 1, do: "files.write", path: "a", content: "x" })).toBeNull();
});

test("an answer that is no problem document still has a reason", async () => {
  expect(await fromResponse(new Response("", { status: 401 }))).toMatchObject({ code: "unauthorized" });
  expect(await fromResponse(new Response("", { status: 404 }))).toMatchObject({ code: "not-found" });
  expect(await fromResponse(new Response("", { status: 500 }))).toMatchObject({ code: "internal" });
});

test("browsers have names for people", () => {
  expect(toBrowserName("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537")).toBe("Chrome on Linux");
  expect(toBrowserName("Firefox/9")).toBe("Firefox");
  expect(toBrowserName("curl/8")).toBe("curl/8");
  expect(toBrowserName("")).toBe("Unknown browser");
});

test("windows know their app, are put away by a second click, and drafts are kept by session", () => {
  expect(toAppOfWindow("app:timer")).toBe("timer");
  expect(toAppOfWindow("chat")).toBeUndefined();
  expect(toAppName([], "timer")).toBe("timer");
  useWindows.setState({ layout: [] });
  windows.open("app:timer");
  windows.toggle("app:timer");
  expect(useWindows.getState().layout[0]?.minimised).toBe(true);
  windows.toggle("app:timer");
  expect(useWindows.getState().layout[0]?.minimised).toBe(false);
  windows.minimiseAll();
  windows.close("app:timer");
  windows.close("app:timer");
  expect(useWindows.getState().layout).toEqual([]);
  setDraft(undefined, "begun");
  setDraft("s_1", "and this");
  expect(useSessions.getState().drafts).toMatchObject({ new: "begun", s_1: "and this" });
});

test("of the turns that this browser started only the newest are remembered", () => {
  for (let n = 0; n <= 200; n += 1) noteOwnTurn(`t_${n}`);
  expect([isOwnTurn("t_0"), isOwnTurn("t_200")]).toEqual([false, true]);
});

test("a theme is chosen, kept and shown, or follows the device", async () => {
  const device = Object.assign(new EventTarget(), { matches: true });
  const documentElement: { dataset: Record<string, string> } = { dataset: {} };
  vi.stubGlobal("matchMedia", () => device);
  vi.stubGlobal("document", { documentElement });
  const { chooseTheme, followTheme, useSettings } = await import("../src/state/settings-store.ts");
  expect(useSettings.getState()).toEqual({ theme: "system", shownTheme: "dark" });
  const end = followTheme();
  device.matches = false;
  device.dispatchEvent(new Event("change"));
  expect(useSettings.getState().shownTheme).toBe("light");
  chooseTheme("dark");
  expect(documentElement.dataset["theme"]).toBe("dark");
  expect(page.kept.getItem("matrix-os.settings")).toBe('{"theme":"dark"}');
  chooseTheme("system");
  expect(documentElement.dataset["theme"]).toBeUndefined();
  end();
});
