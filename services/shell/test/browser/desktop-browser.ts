import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { build } from "vite";
import { type FakeGateway, startFakeGateway } from "../fake-gateway.ts";

const executablePath = "/usr/bin/chromium";

/** Whether there is a browser to test with (apt-get install chromium). */
export const hasBrowser = existsSync(executablePath);

/** The shell built from its present sources, a browser, and fake gateways for it. */
export interface DesktopBrowser extends AsyncDisposable {
  /** A fresh gateway and a fresh browser profile. */
  open(options?: BrowserContextOptions): Promise<Desk>;
}

/** One person at one gateway. `problems`: what the page's console complained about. */
export interface Desk extends AsyncDisposable {
  readonly gateway: FakeGateway;
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Builds the shell and starts Chromium. */
export async function startDesktopBrowser(): Promise<DesktopBrowser> {
  const dist = await mkdtemp(join(tmpdir(), "matrix-shell-"));
  const root = resolve(import.meta.dirname, "../..");
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error", build: { outDir: dist, emptyOutDir: true } });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  return {
    open: async (options) => await openDesk(browser, dist, options),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(dist, { recursive: true, force: true });
    },
  };
}

async function openDesk(browser: Browser, dist: string, options: BrowserContextOptions | undefined): Promise<Desk> {
  const gateway = await startFakeGateway(dist);
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(gateway.url);
  return {
    gateway,
    page,
    problems,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
