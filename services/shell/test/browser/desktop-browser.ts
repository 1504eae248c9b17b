import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
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
  /** A second browser at the same gateway. */
  join(): Promise<Page>;
}

/** Builds the shell and starts Chromium. */
export async function startDesktopBrowser(): Promise<DesktopBrowser> {
  const dist = await mkdtemp(join(tmpdir(), "matrix-shell-"));
  const root = resolve(import.meta.dirname, "../..");
  await buildShell(root, dist);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  return {
    open: async (options) => await openDesk(browser, dist, options),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(dist, { recursive: true, force: true });
    },
  };
}

/** Builds what ships: in a process of its own, because a test runner's environment would give React for development. */
async function buildShell(root: string, dist: string): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", root, "--outDir", dist, "--emptyOutDir", "--logLevel", "error"];
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: "production" } });
}

async function openDesk(browser: Browser, dist: string, options: BrowserContextOptions | undefined): Promise<Desk> {
  const gateway = await startFakeGateway(dist);
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, ...options });
  context.setDefaultTimeout(10_000);
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
    join: async () => {
      const other = await context.newPage();
      await other.goto(gateway.url);
      return other;
    },
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
