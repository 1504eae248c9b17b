import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DesktopBrowser, hasBrowser, startDesktopBrowser } from "./desktop-browser.ts";
import { say } from "./person.ts";

const SECONDS = 1_000;

describe.skipIf(!hasBrowser)("talking to it in a browser", { timeout: 40 * SECONDS }, () => {
  let browser: DesktopBrowser;
  beforeAll(async () => {
    browser = await startDesktopBrowser();
  }, 60 * SECONDS);
  afterAll(async () => await browser[Symbol.asyncDispose]());

  test("a habit tracker is asked for, its steps are seen, it opens by itself, ticks survive a reload", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    let lastWriteMs = 0;
    gateway.home.listen(() => (lastWriteMs = Date.now()));
    await say(page, "make me a habit tracker");
    await page.getByText("apps/habit-tracker/app.json").waitFor();
    await page.locator('[data-window="app:habit-tracker"]').waitFor();
    expect(Date.now() - lastWriteMs).toBeLessThan(5_000);
    const app = page.frameLocator("iframe");
    await app.getByRole("heading", { name: "Habit tracker" }).waitFor();
    await page.getByText("8 steps · 7 files written").waitFor();
    await app.getByLabel("New habit").fill("Read a page");
    await app.getByRole("button", { name: "Add habit" }).click();
    await app.getByText("Read a page").waitFor();
    await page.waitForTimeout(200);
    await page.reload();
    await page.frameLocator("iframe").getByText("Read a page").waitFor();
    await page.getByText("8 steps · 7 files written").waitFor();
    expect(desk.problems).toEqual([]);
  });

  test("two browsers see the same", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    const other = await desk.join();
    await other.getByRole("button", { name: "Chat", exact: true }).click();
    await say(page, "what is in my home?");
    await other.getByRole("button", { name: "Conversations" }).click();
    await other.getByRole("button", { name: /^what is in my home/ }).click();
    for (const one of [page, other]) await one.getByText("Nothing in them changed today.").waitFor();
    await say(other, "something long");
    await page.getByText("And so on it goes.").first().waitFor();
  });

  test("a lost connection says so, comes back by itself, and loses and repeats nothing", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    gateway.turns.pace = 80;
    await say(page, "make me a habit tracker");
    await page.getByText("apps/habit-tracker/app.json").waitFor();
    gateway.cut(900);
    await page.getByText("The connection was lost").waitFor();
    await page.getByText("Back. Nothing was lost.").waitFor();
    await page.getByText("8 steps · 7 files written").waitFor({ timeout: 10_000 });
    expect(await page.getByRole("article", { name: "You" }).count()).toBe(1);
    await page.frameLocator("iframe").getByRole("heading", { name: "Habit tracker" }).waitFor();
  });

  test("a message whose answer got lost is sent again as the same message", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    await page.getByRole("button", { name: "Chat", exact: true }).click();
    gateway.loseNextAnswer = true;
    await say(page, "what is in my home?");
    await page.getByText("You have three folders").waitFor({ timeout: 10_000 });
    expect(gateway.turns.accepted.size).toBe(1);
    expect(await page.getByRole("article", { name: "You" }).count()).toBe(1);
  });

  test("a failed turn says why in plain words and can be tried again", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    await say(page, "fail once");
    await page.getByText("The model is overloaded").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("You have three folders").waitFor();
  });

  test("a running turn can be stopped, and a message sent meanwhile waits", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    gateway.turns.pace = 150;
    await say(page, "tell me something long");
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await say(page, "what is in my home?");
    await page.getByText("Waiting for its turn").waitFor();
    gateway.turns.pace = 20;
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("You stopped it here.").first().waitFor();
  });

  test("what a turn changed can be undone where it was said", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    await say(page, "make me a habit tracker");
    await page.getByRole("button", { name: "Undo 7 changes" }).click();
    await page.getByRole("button", { name: "Undone · redo 7 changes" }).waitFor();
  });

  test("Markdown runs nothing, loads nothing and links safely", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await say(page, "something long");
    await page.getByText("And so on it goes.").first().waitFor();
    const answer = page.getByRole("article", { name: "Matrix OS" });
    await page.getByRole("table").waitFor();
    expect(await answer.locator("script, img").count()).toBe(0);
    const link = answer.getByRole("link", { name: "a link" });
    expect(await link.getAttribute("rel")).toContain("noopener");
    expect(await answer.getByRole("link", { name: "a bad one" }).count()).toBe(0);
    expect(requests.filter((url) => url.includes("example.com"))).toEqual([]);
  });
});
