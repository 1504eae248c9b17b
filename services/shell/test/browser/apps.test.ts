import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DesktopBrowser, hasBrowser, startDesktopBrowser } from "./desktop-browser.ts";
import { eventually, say } from "./person.ts";

const SECONDS = 1_000;

describe.skipIf(!hasBrowser)("apps in a browser", { timeout: 40 * SECONDS }, () => {
  let browser: DesktopBrowser;
  beforeAll(async () => {
    browser = await startDesktopBrowser();
  }, 60 * SECONDS);
  afterAll(async () => await browser[Symbol.asyncDispose]());

  test("a change of the files loads the open window again", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    await say(page, "make me a habit tracker");
    const app = page.frameLocator("iframe");
    await app.getByRole("heading", { name: "Habit tracker" }).waitFor();
    await page.getByText("8 steps").waitFor();
    await say(page, "make it dark");
    await eventually(() => app.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
      "rgb(1, 2, 3)",
    );
  });

  test("a hostile app gets out nowhere, and floods do not stop the desktop", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    await say(page, "make something hostile");
    const log = page.frameLocator("iframe").locator("#log");
    await eventually(() => log.textContent()).toContain("big=");
    await eventually(() => log.textContent()).toContain("fetch=");
    const said = await log.textContent();
    for (const line of [
      "rtc=undefined",
      "iframe=refused",
      "markup=refused",
      "parent=refused",
      "top=refused",
      "popup=null",
      "sql=denied",
      "big=",
      "fetch=refused",
    ]) {
      expect(said).toContain(line);
    }
    expect(said).not.toContain("big=stored");
    await page.frameLocator("iframe").locator("#flood").click();
    await page.getByText("Hostile was stopped").waitFor({ timeout: 10_000 });
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByRole("region", { name: "Files" }).waitFor({ timeout: 2_000 });
  });

  test("an app that never ends does not hold up the desktop", async () => {
    await using desk = await browser.open();
    const { page } = desk;
    await say(page, "make something hostile");
    await page.frameLocator("iframe").locator("#loop").click({ noWaitAfter: true });
    await page.waitForTimeout(300);
    const startMs = Date.now();
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByRole("region", { name: "Files" }).waitFor();
    await page.getByRole("button", { name: "Close Hostile" }).click();
    await page.locator("iframe").waitFor({ state: "detached" });
    expect(Date.now() - startMs).toBeLessThan(5_000);
  });

  test("an app reaches its data, its owner and the kernel over the bridge; state outlives a change of its files", async () => {
    await using desk = await browser.open({ colorScheme: "light" });
    const { page, gateway } = desk;
    await say(page, "make the bridge");
    const app = page.frameLocator("iframe");
    const log = app.locator("#log");
    await eventually(() => log.textContent()).toContain("sql=42");
    expect(await log.textContent()).toContain("theme=light\nvisits=none");
    await app.getByRole("button", { name: "tell" }).click();
    await page.getByText("The tea is ready").waitFor();
    await app.getByRole("button", { name: "ask" }).click();
    const dialog = page.getByRole("dialog", { name: "Bridge wants to ask Matrix OS" });
    await dialog.getByText("What is in my home?").waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => log.textContent()).toContain("answer=declined");
    expect(gateway.turns.accepted.size).toBe(1);
    await app.getByRole("button", { name: "ask" }).click();
    await dialog.getByRole("button", { name: "Send", exact: true }).click();
    await eventually(() => log.textContent()).toContain("answer=done You have three");
    await page.emulateMedia({ colorScheme: "dark" });
    await eventually(() => log.textContent()).toContain("changed=dark");
    await app.getByLabel("kept").fill("half a thought");
    await page.waitForTimeout(400);
    await say(page, "touch it");
    await eventually(() => log.textContent()).toContain("theme=dark\nvisits=1");
    expect(await app.getByLabel("kept").inputValue()).toBe("half a thought");
  });

  test("a broken app says what broke; the owner sees what is sent to have it mended", async () => {
    await using desk = await browser.open();
    const { page, gateway } = desk;
    await say(page, "make something broken");
    await page.getByText("This app has a problem").waitFor();
    await page.getByRole("button", { name: "Ask to fix" }).click();
    await page.getByRole("dialog").getByText("nothing is not defined").waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).last().click();
    await eventually(() =>
      [...gateway.turns.accepted.values()].some(({ text }) => text.includes("Please fix it")),
    ).toBe(true);
  });
});
