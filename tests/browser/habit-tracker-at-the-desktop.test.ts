import { createLinkRoute } from "@matrix-os/contracts/api/links";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { findFreePort } from "@matrix-os/testkit/free-port";
import { type TestSystem, startSystem } from "@matrix-os/testkit/start-system";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildShell } from "./parts/build-shell.ts";
import { startChromium } from "./parts/chromium.ts";

const APP = '[data-window="app:habit-tracker"]';
const stack = new AsyncDisposableStack();
let system: TestSystem;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const shell = join(stack.use(tempFolder("browser")).path, "shell");
  const port = String(await findFreePort());
  await buildShell(shell);
  system = stack.use(await startSystem({ env: { MATRIX_SHELL: shell, MATRIX_PORT: port } }));
  browser = await startChromium();
  stack.defer(() => browser.close());
  page = await logIn();
});

afterAll(() => stack.disposeAsync());

async function logIn(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_360, height: 820 } });
  const fresh = await context.newPage();
  const response = await system.fetch(toRouteUrl(createLinkRoute), { method: "POST" });
  await fresh.goto(((await response.json()) as { url: string }).url);
  return fresh;
}

async function say(at: Page, text: string): Promise<void> {
  const field = at.getByRole("textbox", { name: "Message" }).last();
  await field.fill(text);
  await field.press("Enter");
}

const app = (at: Page) => at.frameLocator(`${APP} iframe`);
const ticks = (at: Page) => app(at).locator("button[aria-pressed=true]");

test("asked for in the browser, it is made and its window opens by itself", async () => {
  await say(page, "make me a habit tracker");
  await page.locator(APP).waitFor();
  await page.getByText("8 steps").waitFor();
  await app(page).getByLabel("New habit").fill("Drink water");
  await app(page).getByRole("button", { name: "Add habit" }).click();
  await app(page).locator("button.today").click();
  await expect.poll(() => ticks(page).count()).toBe(1);
});

test("a tick survives a reload, and a restart of the server under the open page", async () => {
  await page.reload();
  await expect.poll(() => ticks(page).count()).toBe(1);
  await system.stop();
  await system.restart();
  await app(page).getByLabel("New habit").fill("Read");
  await page.getByRole("textbox", { name: "Message" }).last().waitFor();
  await page.reload();
  await expect.poll(() => ticks(page).count(), { timeout: 15_000 }).toBe(1);
});

test("«make it dark» changes the open window", async () => {
  // Runs in the page, where these are globals.
  const background = () =>
    app(page).locator("body").evaluate("document.defaultView.getComputedStyle(document.body).backgroundColor");
  const light = await background();
  await say(page, "make it dark");
  await expect.poll(background, { timeout: 15_000 }).not.toBe(light);
});

test("a second browser has the same conversation, and the same tick", async () => {
  const other = await logIn();
  await other.getByRole("button", { name: "Chat", exact: true }).click();
  await other.getByRole("button", { name: "Conversations" }).click();
  await other
    .getByRole("button", { name: /^make me a habit tracker/ })
    .first()
    .click();
  await other.getByText("8 steps").waitFor();
  await other.getByRole("button", { name: "Apps" }).click();
  await other
    .getByRole("button", { name: /Habit tracker/ })
    .last()
    .click();
  await expect.poll(() => ticks(other).count(), { timeout: 15_000 }).toBe(1);
  await other.context().close();
});

test("a tab that is closed in the middle of a turn does not stop it", async () => {
  const other = await logIn();
  await say(other, "make me a notes app");
  await other.getByText("make me a notes app").first().waitFor();
  await other.context().close();
  const exists = async () => (await system.fetch("/api/v1/files/apps/notes/app.json")).status;
  await expect.poll(exists, { timeout: 20_000 }).toBe(200);
});
