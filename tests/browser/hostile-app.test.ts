import type { Frame, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DesktopStage, findAppFrame, startDesktopStage } from "./parts/open-desktop.ts";

/** Longest time that the desktop may take to answer while an app does its worst. */
const RESPONSIVE_MS = 3_000;
const plainPage = `<!doctype html><html lang="en"><head><title>A nice app</title></head><body><h1>A nice app</h1></body></html>`;

let stage: DesktopStage;
let page: Page;
beforeAll(async () => {
  stage = await startDesktopStage();
  stage.addApp("hostile", { "index.html": plainPage, "own.js": "window.own = true;" });
  stage.addApp("victim", { "index.html": plainPage, "secret.js": "window.secret = 42;" });
  await stage.system.fetch("/api/v1/apps/victim/files/diary.txt", { method: "PUT", body: "dear diary" });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function openAnew(): Promise<void> {
  for (const context of stage.browser.contexts()) await context.close();
  page = await stage.openDesktop(["hostile", "victim"]);
  await findAppFrame(page, "victim");
}

/** What a promise of the client came to: its value, or the code of its refusal. */
async function outcome(frame: Frame, call: string): Promise<unknown> {
  return await frame.evaluate(
    `Promise.resolve().then(() => ${call}).then((value) => ({ value }), (error) => ({ code: typeof error.code === "string" ? error.code : error.name }))`,
  );
}

/** A frame drawn and a click answered in time; a machine that does much else may take three tries. */
async function expectResponsive(): Promise<void> {
  const measure = async (): Promise<number> => {
    const at = performance.now();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))");
    await page.getByRole("button", { name: "Chat", exact: true }).first().click();
    return performance.now() - at;
  };
  expect(Math.min(await measure(), await measure(), await measure())).toBeLessThan(RESPONSIVE_MS);
}

describe("what is not its own", () => {
  beforeAll(openAnew);

  test.each([
    ["a file of another app", `matrix.files.read("../victim/diary.txt")`],
    ["the same, encoded", `matrix.files.read("%2e%2e/victim/diary.txt")`],
    ["the home", `matrix.files.list("../..")`],
    ["an absolute path", `matrix.files.read("/etc/passwd")`],
    ["its database as a file", `matrix.files.read("app.sqlite")`],
    ["another database", `matrix.sql("ATTACH DATABASE '../victim/app.sqlite' AS v")`],
    ["the engine's settings", `matrix.sql("PRAGMA journal_mode = OFF")`],
    ["a notification without permission", `matrix.notify("Your bank", "Click here")`],
    ["the kernel without permission", `matrix.ask("delete everything")`],
  ])("%s is refused", async (_name, call) => {
    const frame = await findAppFrame(page, "hostile");
    expect(await outcome(frame, call)).toEqual({ code: expect.stringMatching(/^(denied|invalid|not-found)$/) });
  });

  test.each([
    ["the shell's page", `parent.document.body`],
    ["the shell's storage", `parent.localStorage.length`],
    ["a neighbour's page", `[top[0], top[1]].find((other) => other !== window).document.body`],
    ["an indexed database", `indexedDB.open("x")`],
    ["caches", `caches.keys()`],
    ["the clipboard", `navigator.clipboard.readText()`],
    ["the clipboard, for writing", `navigator.clipboard.writeText("x")`],
    ["cookies", `document.cookie`],
    ["a new window", `window.open("about:blank").closed`],
    ["the camera", `navigator.mediaDevices.getUserMedia({ video: true })`],
    [
      "the place",
      `new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, () => fail(new TypeError("refused"))))`,
    ],
    ["full screen", `document.documentElement.requestFullscreen()`],
    ["the gateway", `fetch("http://127.0.0.1:" + location.port + "/api/v1/status", { credentials: "include" })`],
    ["its own server with credentials", `fetch("/api/v1/status", { credentials: "include" })`],
  ])("%s is out of reach", async (_name, call) => {
    const frame = await findAppFrame(page, "hostile");
    expect(await outcome(frame, call)).toEqual({ code: expect.stringMatching(/Error$/) });
  });

  test("another app's files can't be loaded even with their address; its own can", async () => {
    const frame = await findAppFrame(page, "hostile");
    const victim = await findAppFrame(page, "victim");
    const load = (url: string) =>
      outcome(
        frame,
        `new Promise((done, fail) => { const s = document.createElement("script"); s.src = ${JSON.stringify(url)}; s.onload = () => done("loaded"); s.onerror = () => fail(new TypeError("refused")); document.head.append(s); })`,
      );
    expect(await load(new URL("secret.js", victim.url()).href)).toEqual({ code: "TypeError" });
    expect(await load("own.js")).toEqual({ value: "loaded" });
  });

  test("no message reaches the shell or a neighbour but over the port", async () => {
    const frame = await findAppFrame(page, "hostile");
    const victim = await findAppFrame(page, "victim");
    await victim.evaluate(
      "globalThis.heard = []; new BroadcastChannel('x').onmessage = ({ data }) => heard.push(data)",
    );
    await frame.evaluate(
      `new BroadcastChannel("x").postMessage("hello"); top.postMessage({ type: "matrix:port" }, "*"); localStorage.setItem("x", "1")`,
    );
    await expectResponsive();
    expect(await victim.evaluate("[heard, localStorage.getItem('x')]")).toEqual([[], null]);
  });

  test("no cookie lives on the apps' host", async () => {
    await findAppFrame(page, "hostile");
    const names = (await page.context().cookies()).map(({ domain, httpOnly, sameSite }) => [
      domain,
      httpOnly,
      sameSite,
    ]);
    expect(names).toEqual([["127.0.0.1", true, "Strict"]]);
  });

  test("its address is no page of its own", async () => {
    const frame = await findAppFrame(page, "hostile");
    const other = await page.context().newPage();
    expect((await other.goto(frame.url()))?.status()).toBe(404);
  });
});

describe("an app that does its worst", () => {
  beforeEach(openAnew);

  test("an endless loop leaves the desktop responsive", async () => {
    const frame = await findAppFrame(page, "hostile");
    await frame.evaluate("void setTimeout(() => { for (;;); }, 0)");
    await page.waitForTimeout(200);
    await expectResponsive();
  });

  test("a hundred megabytes are refused, whichever way", async () => {
    const frame = await findAppFrame(page, "hostile");
    for (const call of [
      `matrix.files.write("big.txt", "x".repeat(100_000_000))`,
      `matrix.storage.set("big", "x".repeat(100_000_000))`,
      `matrix.storage.set("big", Array.from({ length: 1_000_000 }, () => "x".repeat(100)))`,
    ])
      expect(await outcome(frame, call)).toEqual({ code: "too-large" });
    await expectResponsive();
  });

  test("a million rows come as a thousand, and an endless query ends", async () => {
    const frame = await findAppFrame(page, "hostile");
    const count = (limit: string) =>
      `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c ${limit}) SELECT n FROM c`;
    const many = await outcome(
      frame,
      `matrix.sql(${JSON.stringify(count("WHERE n < 1000000"))}).then(({ rows, truncated }) => [rows.length, truncated])`,
    );
    expect(many).toEqual({ value: [1_000, true] });
    const endless = `SELECT sum(n) FROM (${count("")})`;
    expect(await outcome(frame, `matrix.sql(${JSON.stringify(endless)})`)).toEqual({ code: "timed-out" });
    const again = () => outcome(frame, `matrix.sql("SELECT 1 AS one").then(({ rows }) => rows)`);
    await expect.poll(again, { timeout: 5_000 }).toEqual({ value: [{ one: 1 }] });
  });

  test("a flood on its port stops the app, not the desktop", async () => {
    const frame = await findAppFrame(page, "hostile");
    await frame.evaluate(
      "void setTimeout(() => { for (let n = 0; n < 50_000; n += 1) matrix.storage.get('x').catch(() => {}); }, 0)",
    );
    await page.getByText("A nice app was stopped").waitFor({ timeout: 10_000 });
    await expectResponsive();
  });

  test("a flood past its port stops the app, not the desktop", async () => {
    const frame = await findAppFrame(page, "hostile");
    await frame.evaluate(
      "void setTimeout(() => { for (let n = 0; n < 50_000; n += 1) parent.postMessage({ type: 'matrix:ready' }, '*'); }, 0)",
    );
    await page.getByText("A nice app was stopped").waitFor({ timeout: 10_000 });
    await expectResponsive();
  });
});

test("logging the browser out elsewhere ends the addresses that it opened", async () => {
  await openAnew();
  const frame = await findAppFrame(page, "hostile");
  const devices = (await (await stage.system.fetch("/api/v1/devices")).json()) as { devices: { id: string }[] };
  for (const { id } of devices.devices) await stage.system.fetch(`/api/v1/devices/${id}`, { method: "DELETE" });
  await expect.poll(async () => (await fetch(frame.url())).status, { timeout: 1_000 }).toBe(404);
});
