import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DesktopBrowser, hasBrowser, startDesktopBrowser } from "./desktop-browser.ts";
import { eventually, findViolations, say } from "./person.ts";

const SECONDS = 1_000;

describe.skipIf(!hasBrowser)("the desktop in a browser", { timeout: 40 * SECONDS }, () => {
  let browser: DesktopBrowser;
  beforeAll(async () => {
    browser = await startDesktopBrowser();
  }, 60 * SECONDS);
  afterAll(async () => await browser[Symbol.asyncDispose]());

  test("windows move, snap, minimise and close by keyboard alone", async () => {
    await using desk = await browser.open({ reducedMotion: "reduce" });
    const { page } = desk;
    await page.getByRole("button", { name: "Files", exact: true }).focus();
    await page.keyboard.press("Enter");
    const window = page.locator('[data-window="files"]');
    const leftOf = (): Promise<number> => window.evaluate(({ style }) => Number.parseFloat(style.left));
    const before = await leftOf();
    await page.getByRole("button", { name: /^Move Files/ }).focus();
    await page.keyboard.press("ArrowRight");
    await eventually(leftOf).toBe(before + 24);
    await page.keyboard.press("Alt+ArrowLeft");
    await eventually(leftOf).toBe(0);
    await page.getByRole("button", { name: "Settings", exact: true }).press("Enter");
    await page.keyboard.press("Alt+Backquote");
    await eventually(() => window.getAttribute("data-front")).toBe("true");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Apps" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Apps" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Close Files" }).press("Enter");
    await window.waitFor({ state: "detached" });
  });

  test("windows follow the pointer, snap at the edge, and stand there after a reload", async () => {
    await using desk = await browser.open({ reducedMotion: "reduce" });
    const { page } = desk;
    await page.getByRole("button", { name: "History", exact: true }).click();
    const bar = page.locator('[data-window="history"] .title-bar h2');
    const box = await bar.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 8);
    await page.mouse.down();
    await page.mouse.move(600, 300, { steps: 4 });
    await page.mouse.move(3, 300, { steps: 4 });
    await page.mouse.up();
    const window = page.locator('[data-window="history"]');
    await eventually(() => window.boundingBox()).toMatchObject({ x: 0, y: 0, width: 680 });
    await page.reload();
    await eventually(() => window.boundingBox()).toMatchObject({ x: 0, y: 0, width: 680 });
  });

  test("files are listed live, looked at, renamed and deleted", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByText("This folder is empty").waitFor();
    gateway.home.write("milk.md", "# Milk\n\nTwo litres", { actor: "outside" });
    await page.getByRole("button", { name: "milk.md", exact: true }).click();
    await page.getByRole("heading", { name: "Milk" }).waitFor();
    await page.getByRole("button", { name: "Home", exact: true }).click();
    await page.getByRole("button", { name: "Rename milk.md" }).click();
    await page.getByLabel("New name of milk.md").fill("oat.md");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete oat.md" }).click();
    await page.getByText("Deleted oat.md").waitFor();
    await page.getByText("This folder is empty").waitFor();
  });

  test("a browser that is not logged in is told what to do", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    await page.getByText("Rehearsal").first().waitFor();
    gateway.loggedIn = false;
    gateway.cut(0);
    await page.getByRole("heading", { name: "This browser is not logged in" }).waitFor();
    gateway.loggedIn = true;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Rehearsal").first().waitFor();
  });

  test("axe finds nothing, light and dark, with everything open", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using desk = await browser.open({ colorScheme, reducedMotion: "reduce" });
      const { page } = desk;
      await page.getByText("Rehearsal").first().waitFor();
      expect(await findViolations(page)).toEqual([]);
      await say(page, "make me a habit tracker");
      await page.getByText("Undo 7 changes").waitFor();
      for (const name of ["Files", "History", "Settings"]) {
        await page.getByRole("button", { name, exact: true }).click();
        await page.waitForTimeout(400);
        expect(await findViolations(page)).toEqual([]);
      }
      await page.keyboard.press("Control+k");
      expect(await findViolations(page)).toEqual([]);
    }
  });

  test("on a phone one window fills the screen", async () => {
    await using desk = await browser.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const { page } = desk;
    await page.getByRole("button", { name: "Make me a habit tracker" }).click();
    await page.frameLocator("iframe").getByRole("heading", { name: "Habit tracker" }).waitFor();
    const window = page.locator('[data-window="app:habit-tracker"]');
    await eventually(() => window.boundingBox()).toMatchObject({ x: 0, y: 0, width: 390 });
    expect(await page.locator('[data-window="chat"]').isVisible()).toBe(false);
    expect(await findViolations(page)).toEqual([]);
  });
});
