import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createLinkRoute } from "@matrix-os/contracts/api/links";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { type TestSystem, startSystem } from "@matrix-os/testkit/start-system";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import type { Browser, Frame, Page } from "playwright-core";
import { buildShell } from "./build-shell.ts";
import { startChromium } from "./chromium.ts";

/** The whole system with the real shell, and a browser. */
export interface DesktopStage extends AsyncDisposable {
  readonly system: TestSystem;
  readonly browser: Browser;
  /** Writes an app into the home. */
  addApp(app: string, files: Readonly<Record<string, string>>): void;
  /** Logs a fresh browser in; the apps' windows stand open. */
  openDesktop(apps: readonly string[]): Promise<Page>;
}

/** Builds the shell, starts the system and Chromium. */
export async function startDesktopStage(): Promise<DesktopStage> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(tempFolder("browser"));
  const shell = join(folder.path, "shell");
  const [browser] = await Promise.all([startChromium(), buildShell(shell)]);
  stack.defer(() => browser.close());
  const system = stack.use(await startSystem({ env: { MATRIX_SHELL: shell } }));
  const owned = stack.move();
  return {
    system,
    browser,
    addApp: (app, files) => writeApp(join(system.home, "apps", app), files),
    openDesktop: (apps) => openDesktop({ system, browser }, apps),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The frame of an app, once its window shows it. */
export async function findAppFrame(page: Page, app: string): Promise<Frame> {
  const element = await page.waitForSelector(`[data-window="app:${app}"] iframe`);
  const frame = await element.contentFrame();
  if (frame === null) throw new Error(`${app} has no frame`);
  await frame.waitForLoadState();
  return frame;
}

function writeApp(folder: string, files: Readonly<Record<string, string>>): void {
  const manifest = JSON.stringify({ name: "A nice app", permissions: ["storage", "sql", "files"] });
  for (const [name, content] of Object.entries({ "app.json": manifest, ...files })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

async function openDesktop(
  { system, browser }: Pick<DesktopStage, "system" | "browser">,
  apps: readonly string[],
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 } });
  const page = await context.newPage();
  const { host } = new URL(system.url());
  const layout = JSON.stringify(JSON.stringify(apps.map(toWindow)));
  const content = `if (location.host === ${JSON.stringify(host)}) localStorage.setItem("matrix-os.windows", ${layout});`;
  await page.addInitScript({ content });
  const response = await system.fetch(toRouteUrl(createLinkRoute), { method: "POST" });
  const { url } = (await response.json()) as { url: string };
  await page.goto(url);
  return page;
}

function toWindow(app: string, depth: number): object {
  const rect = { x: 20 + depth * 12, y: 20 + depth * 8, width: 420, height: 320 };
  return { id: `app:${app}`, rect, mode: "free", minimised: false, depth };
}
