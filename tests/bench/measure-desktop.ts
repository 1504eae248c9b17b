import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, type Page, chromium } from "playwright-core";
import { type BenchSystem, makeFolders, startBenchSystem } from "./bench-system.ts";
import { median, printFigure } from "./figure.ts";
import { toHeaders } from "./session-client.ts";

const executablePath = "/usr/bin/chromium";
const dist = join(import.meta.dirname, "..", "..", "services/shell/dist");
const LOADS = 5;
const APPS = ["notes app", "timer", "todo board", "expense log", "flashcards app"];

/** What a person at the desktop waits for, in Chromium, with the rehearsal model. Floor of a load: an empty page of the same server. */
export async function measureDesktop(): Promise<void> {
  printFigure({
    figure: "first load of the desktop, gzip",
    unit: "KB",
    value: measureFirstLoad(),
    must: 250,
    better: "less",
  });
  if (!existsSync(executablePath)) {
    process.stderr.write("no chromium: the desktop's times are not measured\n");
    return;
  }
  using folders = makeFolders();
  await using system = await startBenchSystem(folders, "");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await measureInBrowser(browser, system);
  } finally {
    await browser.close();
  }
}

async function measureInBrowser(browser: Browser, system: BenchSystem): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
  await page.goto(await createLink(system));
  await page.getByRole("textbox").first().waitFor();
  const loads: number[] = [];
  const floors: number[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    loads.push(await time(() => loadDesktop(page, system)));
    floors.push(await time(() => page.goto(`${system.url}/healthz`)));
  }
  printFigure({
    figure: "time to interactive",
    unit: "ms",
    value: median(loads),
    floor: median(floors),
    better: "less",
  });
  await loadDesktop(page, system);
  const opens: number[] = [];
  const waits: number[] = [];
  for (const app of APPS) {
    opens.push(await time(() => makeApp(page, app, opens.length + 1)));
    waits.push(Date.now() - readLastWriteMs(join(system.home, "apps")));
  }
  printFigure({ figure: "message → the app's window is open", unit: "ms", value: median(opens), better: "less" });
  printFigure({
    figure: "an app's last file → its window is open",
    unit: "ms",
    value: median(waits),
    must: 1_000,
    better: "less",
  });
}

function readLastWriteMs(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

async function loadDesktop(page: Page, system: BenchSystem): Promise<void> {
  await page.goto(system.url);
  const box = page.getByRole("textbox").first();
  await box.fill("x");
  await box.fill("");
}

async function makeApp(page: Page, app: string, windows: number): Promise<void> {
  const box = page.getByRole("textbox").last();
  await box.fill(`make me a ${app}`);
  await box.press("Enter");
  await page
    .locator("iframe")
    .nth(windows - 1)
    .waitFor({ timeout: 30_000 });
}

async function createLink(system: BenchSystem): Promise<string> {
  const response = await fetch(`${system.url}/api/v1/links`, { method: "POST", headers: toHeaders(system) });
  return ((await response.json()) as { url: string }).url;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Everything that the page needs before it shows something: HTML, scripts and styles. */
function measureFirstLoad(): number {
  const assets = readdirSync(join(dist, "assets")).filter((name) => /\.(js|css)$/.test(name));
  const files = [join(dist, "index.html"), ...assets.map((name) => join(dist, "assets", name))];
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1_000;
}
