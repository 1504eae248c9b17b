import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRehearsalServer } from "../src/server.ts";
import { createTalk } from "./converse.ts";
import { foreignFiles } from "./foreign-app.ts";
import { naughtyStrings } from "./naughty-strings.ts";

const executablePath = process.env["MATRIX_CHROMIUM"] ?? "/usr/bin/chromium";
const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  json: "application/json",
};
const policy = "default-src 'none'; script-src 'self'; style-src 'self'";

const files = foreignFiles();
const server = createServer((request, response) => {
  const path = (request.url ?? "").slice(1).replace(/\/$/, "/index.html");
  const content = files.get(path);
  response.writeHead(content === undefined ? 404 : 200, {
    "content-type": types[path.split(".").at(-1) ?? ""] ?? "text/plain",
    "content-security-policy": policy,
  });
  response.end(content);
});
let browser: Browser;
let url: string;

/** A page that fails the test on any error, CSP violation included. */
async function open(
  app: string,
  options: { colorScheme?: "dark" | "light"; width?: number } = {},
): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1000, height: 760 },
    colorScheme: options.colorScheme ?? "light",
  });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on(
    "console",
    (message) => message.type() === "error" && !/favicon|404/.test(message.text()) && errors.push(message.text()),
  );
  await page.goto(`${url}/apps/${app}/`);
  return { page, errors };
}

const apps: Array<[app: string, fill: (page: Page, text: string) => Promise<void>, shown: string]> = [
  ["habit-tracker", (page, text) => fillForm(page, { name: text }), "#habits h2"],
  ["todo-board", (page, text) => fillForm(page, { title: text }), "#board .title"],
  ["expense-log", (page, text) => fillForm(page, { amount: "12,50", what: text }), "#days .wrap"],
  ["flashcards", (page, text) => fillForm(page, { front: text, back: text }), "#list strong"],
  ["recipe-box", (page, text) => fillForm(page, { title: text, note: text }), "#entries h2"],
  ["notes", addNote, "#notes strong"],
];

async function fillForm(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`#add [name="${name}"]`, value);
  await page.click("#add [type=submit]");
}

async function addNote(page: Page, text: string): Promise<void> {
  await page.click("#new");
  await page.fill("#editor [name=title]", text);
  await page.fill("#editor [name=text]", text);
}

describe.skipIf(!existsSync(executablePath))("the apps in Chromium, under a strict CSP", () => {
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    await using rehearsal = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 0 });
    const talk = createTalk({ url: rehearsal.url, files });
    for (const wish of [
      "habit tracker",
      "todo board",
      "expense log",
      "set of flashcards",
      "recipe box",
      "notes app",
      "timer",
    ])
      await talk.say(`make me a ${wish}`);
    await talk.say("add a field called Place to the todo board");
    await talk.say("make the timer dark and make the timer accent pink");
    await talk.say("make the guest book dark");
    await talk.say("make the guest book text bigger");
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  it.each(apps)(
    "%s keeps naughty text exactly, over a reload, and fits a phone",
    async (app, fill, shown) => {
      const { page, errors } = await open(app, { width: 390 });
      for (const text of naughtyStrings) {
        await fill(page, text);
        if (app === "notes") await page.click("#back");
      }
      await page.waitForTimeout(50);
      await page.reload();
      if (app === "flashcards") await page.click("[data-view=cards]");
      await page.waitForSelector(shown);
      const texts = await page.locator(shown).allTextContents();
      expect(texts.toSorted()).toEqual(naughtyStrings.toSorted());
      expect(await page.title()).not.toBe("broken");
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(errors).toEqual([]);
      await page.close();
    },
    60_000,
  );

  it("the habit tracker ticks a day, and its week survives a reload", async () => {
    const { page, errors } = await open("habit-tracker");
    await fillForm(page, { name: "Read" });
    await page.click(".day.today >> nth=-1");
    expect(await page.textContent(".streak.alive")).toBe("1 day in a row");
    await page.reload();
    expect(await page.getAttribute(".day.today", "aria-pressed")).toBe("true");
    expect(errors).toEqual([]);
    await page.close();
  });

  it("the todo board moves cards by keyboard and keeps a field that was added later", async () => {
    const { page, errors } = await open("todo-board");
    await page.fill("#add [name=extra-place]", "Garden");
    await fillForm(page, { title: "Plant beans" });
    await page.focus('[aria-label="Move on: Plant beans"]');
    await page.keyboard.press("Enter");
    await page.reload();
    expect(await page.textContent(".doing .task")).toMatch(/Plant beans.*Place.*Garden/s);
    await page.click('[aria-label="Delete: Plant beans"]');
    await page.click("#toast button");
    expect(await page.locator(".doing .task").count()).toBe(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("the timer runs, goes on after a reload, and shows its changed colours", async () => {
    const { page, errors } = await open("timer");
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(19, 21, 25)");
    expect(await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')")).toMatch(
      /^light-dark\(#c5236b/,
    );
    await page.click("#start");
    await page.reload();
    await expect.poll(() => page.textContent("#time"), { timeout: 5000 }).toMatch(/^24:5\d$/);
    expect(await page.textContent("#start")).toBe("Pause");
    expect(errors).toEqual([]);
    await page.close();
  });

  it("flashcards are practised, and known ones rest", async () => {
    const { page, errors } = await open("flashcards");
    await fillForm(page, { front: "uno", back: "one" });
    await page.click("[data-view=practise]");
    await page.keyboard.press("Escape");
    await page.click("#show");
    await page.keyboard.press("2");
    expect(await page.textContent("#rest-title")).toBe("Done for now");
    expect(errors).toEqual([]);
    await page.close();
  });

  it("an app of unknown build is dark and larger when asked", async () => {
    const { page } = await open("guests");
    expect(
      await page.evaluate(
        "[document.body, document.querySelector('.box'), document.querySelector('button')].map((e) => getComputedStyle(e).backgroundColor)",
      ),
    ).toEqual(["rgb(23, 25, 29)", "rgba(0, 0, 0, 0)", "rgb(34, 37, 43)"]);
    expect(await page.evaluate("getComputedStyle(document.body).zoom")).toBe("1.15");
    await page.close();
  });

  it("keeps its data in the storage it is given", async () => {
    const page = await browser.newPage();
    await page.addInitScript(
      "globalThis.kept = {}; globalThis.matrix = { storage: { get: async (key) => kept[key], set: async (key, value) => void (kept[key] = value) } }",
    );
    await page.goto(`${url}/apps/habit-tracker/`);
    await fillForm(page, { name: "Breathe" });
    await expect.poll(() => page.evaluate("JSON.parse(globalThis.kept.habits ?? '[]').length")).toBe(1);
    expect(await page.evaluate("localStorage.length")).toBe(0);
    await page.close();
  });

  it("works in a sandboxed frame of opaque origin, where the browser refuses storage", async () => {
    files.set("frame.html", '<iframe sandbox="allow-scripts allow-forms" src="/apps/todo-board/"></iframe>');
    const page = await browser.newPage();
    await page.route("**/frame.html", (route) =>
      route.fulfill({ contentType: "text/html", body: files.get("frame.html") ?? "" }),
    );
    await page.goto(`${url}/frame.html`);
    const frame = page.frameLocator("iframe");
    await frame.locator("#add [name=title]").fill("Sandboxed");
    await frame.locator("#add [type=submit]").click();
    expect(await frame.locator("#board .title").allTextContents()).toEqual(["Sandboxed"]);
    await page.close();
  });
});
