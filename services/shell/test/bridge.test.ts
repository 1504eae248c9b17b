import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answerApp, type AnsweringWindow } from "../src/bridge/answer-app.ts";
import { connectFrame } from "../src/bridge/connect-frame.ts";
import { FLOOD_PER_SECOND, MAX_NOTIFICATIONS_PER_MINUTE, createMeter } from "../src/bridge/limits.ts";
import { deleteFile, listFolder, moveFile, toFolder, toName, toViewer, uploadFile } from "../src/files/home-files.ts";
import { startSystem } from "../src/live/system.ts";
import { useConnection } from "../src/state/connection-store.ts";
import { useConsents } from "../src/state/consent-store.ts";
import { useSessions } from "../src/state/session-store.ts";
import { useToasts } from "../src/state/toast-store.ts";
import { type Page, openPage } from "./page.ts";

const WITHIN = { timeout: 20_000 };
let page: Page;

beforeEach(async () => {
  page = await openPage();
  useSessions.setState({ views: {}, active: undefined, outgoing: [] });
});

afterEach(() => page[Symbol.asyncDispose]());

function createWindow(): AnsweringWindow & { readonly told: unknown[] } {
  const told: unknown[] = [];
  return {
    app: "timer",
    name: "Timer",
    notifications: createMeter(60_000),
    onProblem: (problem) => told.push(problem),
    onKeep: (state) => told.push(state),
    told,
  };
}

describe("what an app asks over the bridge", () => {
  test("of its own storage and database is answered by the gateway", async () => {
    const window = createWindow();
    expect(await answerApp(window, { id: 1, do: "storage.get", key: "n" })).toBeNull();
    expect(await answerApp(window, { id: 1, do: "storage.set", key: "n", value: 3 })).toBeNull();
    expect(await answerApp(window, { id: 1, do: "storage.get", key: "n" })).toBe(3);
    expect(await answerApp(window, { id: 1, do: "storage.keys" })).toEqual(["n"]);
    expect(await answerApp(window, { id: 1, do: "storage.delete", key: "n" })).toBeNull();
    const statement = { text: "select ? as answer", parameters: [42] };
    expect(await answerApp(window, { id: 1, do: "sql.query", statement })).toMatchObject({ rows: [{ answer: 42 }] });
  });

  test("of files that are not there is refused with the gateway's own words", async () => {
    const window = createWindow();
    for (const request of [
      { id: 1, do: "files.read", path: "a.txt" },
      { id: 1, do: "files.write", path: "a.txt", content: "x" },
      { id: 1, do: "files.list", path: "" },
    ] as const) {
      await expect(answerApp(window, request)).rejects.toMatchObject({ failure: { code: "not-found" } });
    }
  });

  test("of the person is shown, kept or reported, within bounds", async () => {
    const window = createWindow();
    await answerApp(window, { id: 1, do: "report", message: "it broke", source: "index.html:3" });
    await answerApp(window, { id: 1, do: "keep", state: { at: 3 } });
    expect(window.told).toEqual([{ message: "it broke", source: "index.html:3" }, { at: 3 }]);
    await expect(answerApp(window, { id: 1, do: "keep", state: "x".repeat(300_000) })).rejects.toMatchObject({
      code: "too-large",
    });
    for (let n = 0; n < MAX_NOTIFICATIONS_PER_MINUTE; n += 1)
      await answerApp(window, { id: 1, do: "notify", title: `Tea ${n}`, body: "" });
    expect(useToasts.getState().toasts.at(-1)).toMatchObject({ from: "Timer" });
    await expect(answerApp(window, { id: 1, do: "notify", title: "Tea", body: "" })).rejects.toMatchObject({
      code: "busy",
    });
  });
});

describe("a question of an app to the kernel", () => {
  const decide = async (yes: boolean) => {
    await expect.poll(() => useConsents.getState().waiting.length, WITHIN).toBe(1);
    useConsents.getState().waiting[0]?.answer(yes);
  };

  test("needs the owner's yes, and only one at a time may wait", async () => {
    const window = createWindow();
    const asked = answerApp(window, { id: 1, do: "ask", text: "What is in my home?" });
    expect(await answerApp(window, { id: 1, do: "ask", text: "And now?" })).toEqual({ status: "declined", text: "" });
    expect(useConsents.getState().waiting[0]?.text).toContain("What is in my home?");
    await decide(false);
    expect(await asked).toEqual({ status: "declined", text: "" });
    expect(page.gateway.turns.turns).toEqual([]);
  });

  test("is answered in the app's own session, the next one too", async () => {
    const stop = startSystem();
    await expect.poll(() => useConnection.getState().connection.phase, WITHIN).toBe("open");
    const window = createWindow();
    const first = answerApp(window, { id: 1, do: "ask", text: "What is in my home?" });
    await decide(true);
    expect(await first).toMatchObject({ status: "done", text: expect.stringContaining("three folders") as string });
    useSessions.setState({ views: {} });
    const second = answerApp(window, { id: 1, do: "ask", text: "What is in my home now?" });
    await decide(true);
    expect(await second).toMatchObject({ status: "done" });
    expect(new Set(page.gateway.turns.turns.map(({ session }) => session)).size).toBe(1);
    stop();
  });

  test("that can't be sent fails with the reason", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({}, { status: 500 })));
    const asked = answerApp(createWindow(), { id: 1, do: "ask", text: `in my home ${"x".repeat(13_000)}` });
    await decide(true);
    await expect(asked).rejects.toMatchObject({ failure: { code: "internal" } });
  });
});

describe("the line to a frame", () => {
  /** A frame whose page is played by the test. */
  function createFrame() {
    const posted: { message: unknown; port: MessagePort | undefined }[] = [];
    const contentWindow = {
      postMessage: (message: unknown, _to: string, ports: MessagePort[]) => posted.push({ message, port: ports[0] }),
    };
    const frame = Object.assign(new EventTarget(), { contentWindow });
    const say = (data: unknown, source: unknown = contentWindow) =>
      globalThis.dispatchEvent(Object.assign(new Event("message"), { data, source }));
    return { frame: frame as unknown as HTMLIFrameElement, posted, say };
  }

  const ready = { type: "matrix:ready" };

  test("is handed over once for each page, to that frame only", () => {
    const { frame, posted, say } = createFrame();
    const ports: { closed: boolean; told: unknown[] }[] = [];
    const line = connectFrame({
      frame,
      meter: createMeter(1_000),
      open: () => {
        const port = { closed: false, told: [] as unknown[] };
        ports.push(port);
        return { tell: (message: unknown) => port.told.push(message), close: () => (port.closed = true) };
      },
      onFlood: () => expect.unreachable(),
    });
    say(ready, {});
    say("something else");
    expect(posted).toEqual([]);
    say(ready);
    say(ready);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({ message: { type: "matrix:port" } });
    frame.dispatchEvent(new Event("load"));
    say(ready);
    expect(ports.map(({ closed }) => closed)).toEqual([true, false]);
    line.tell({ type: "theme", theme: "dark" } as never);
    expect(ports[1]?.told).toHaveLength(1);
    line.close();
    say(ready);
    expect(posted).toHaveLength(2);
    for (const { port } of posted) port?.close();
  });

  test("is cut when the frame floods it", () => {
    const { frame, say } = createFrame();
    let floods = 0;
    connectFrame({
      frame,
      meter: createMeter(60_000),
      open: () => expect.unreachable(),
      onFlood: () => (floods += 1),
    });
    for (let n = 0; n < FLOOD_PER_SECOND + 10; n += 1) say("x");
    expect(floods).toBe(1);
  });
});

describe("files", () => {
  test("are listed with folders first, moved, deleted, and put in only where nothing is", async () => {
    const origin = { actor: "owner" };
    for (const path of ["notes/b.md", "notes/a10.md", "notes/a2.md", "notes/deep/x.md"])
      page.gateway.home.write(path, "x", origin);
    const { entries } = await listFolder("notes");
    expect(entries.map(({ path }) => path)).toEqual(["notes/deep", "notes/a2.md", "notes/a10.md", "notes/b.md"]);
    await moveFile("notes/b.md", "notes/c.md");
    expect(await deleteFile("notes/c.md")).toMatch(/^c/);
    await uploadFile("notes", new File(["hello"], "up.txt"));
    await uploadFile("", new File(["hello"], "top.txt"));
    expect(page.gateway.home.read("notes/up.txt")).toBe("hello");
    expect(page.gateway.home.read("top.txt")).toBe("hello");
  });

  test("have a name, a folder and a way to be looked at", () => {
    expect([toName("a/b.md"), toName("b.md"), toFolder("a/b.md"), toFolder("b.md")]).toEqual(["b.md", "b.md", "a", ""]);
    const paths = ["a.PNG", "a.md", "a.json", "Makefile", "a.zip"];
    expect(paths.map(toViewer)).toEqual(["image", "markdown", "text", "text", "none"]);
  });
});
