import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Attempt, toHostileFiles } from "./parts/hostile-page.ts";
import { type DesktopStage, startDesktopStage } from "./parts/open-desktop.ts";
import { type Caught, startSink } from "./parts/sink.ts";
import { startUnprotectedServer } from "./parts/unprotected-server.ts";
import { changedPageWays, frameWays, insidePageWays } from "./parts/ways-through-a-fresh-window.ts";
import { hostNameOnly, leavingWays } from "./parts/ways-to-leave.ts";
import { type Reach, requestWays } from "./parts/ways-out.ts";

const SECRET = "canary-4f1d2a";
/** The shell opens at most 24 windows. */
const BATCH = 18;
/** Nothing tells that nothing happens: so long every page may leak. Without protection all of them have leaked sooner. */
const WATCH_MS = 3_000;

interface HostileApp {
  readonly app: string;
  readonly attempts: readonly Attempt[];
  readonly files: Readonly<Record<string, string>>;
}

let stage: DesktopStage;
let apps: readonly HostileApp[] = [];
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  stage = owned.use(await startDesktopStage());
  const alone = [...leavingWays, ...changedPageWays].map((way) => [way]);
  const groups = [requestWays, frameWays, insidePageWays, ...alone];
  apps = await Promise.all(
    groups.map(async (ways, n) => {
      const attempts = await Promise.all(ways.map(async (way) => ({ way, sink: owned.use(await startSink(SECRET)) })));
      return { app: `way-${n}`, attempts, files: toHostileFiles(attempts, SECRET) };
    }),
  );
  for (const { app, files } of apps) stage.addApp(app, files);
});
afterAll(() => owned.disposeAsync());

test(
  "without protection the secret gets out on every way that this browser has: the probes are real",
  { timeout: 60_000 },
  async () => {
    await using server = await startUnprotectedServer();
    for (const { app, files } of apps) server.add(app, files);
    const taking = apps.filter(({ attempts }) => attempts.some(({ way }) => way.takesTab));
    const desks = [apps.filter((app) => !taking.includes(app)), ...taking.map((app) => [app])];
    await using context = await stage.browser.newContext();
    for (const desk of desks) {
      const page = await context.newPage();
      await page.goto(`${server.url}/?${desk.map(({ app }) => app).join(",")}`, { waitUntil: "commit" });
      await eventually(() => expect(reachesOf(desk)).toMatchObject(expectedOf(desk)), { withinMs: 15_000 }).catch(
        () => undefined,
      );
      await page.close();
    }
    expect(Object.keys(expectedOf(apps)).length).toBeGreaterThan(75);
    expect(reachesOf(apps)).toMatchObject(expectedOf(apps));
  },
);

describe("in the desktop", () => {
  beforeAll(() => {
    for (const { attempts } of apps) for (const { sink } of attempts) sink.forget();
  });

  test.each([0, 1])("no way out is left, part %i", { timeout: 60_000 }, async (part) => {
    const batch = apps.slice(part * BATCH, (part + 1) * BATCH);
    expect(batch.length).toBeGreaterThan(10);
    const page = await stage.openDesktop(batch.map(({ app }) => app));
    await expect.poll(() => page.locator(".app-frame").count(), { timeout: 30_000 }).toBe(batch.length);
    await delay(WATCH_MS);
    expect(new URL(page.url()).origin).toBe(stage.system.url());
    const attempts = batch.flatMap((app) => app.attempts);
    expect(attempts.flatMap(({ way, sink }) => toLeak(way.name, sink.caught))).toEqual([]);
    await page.context().close();
  });
});

function reachesOf(some: readonly HostileApp[]): Record<string, Reach> {
  return Object.fromEntries(
    some.flatMap(({ attempts }) => attempts.map(({ way, sink }) => [way.name, toReach(sink.caught)])),
  );
}

function expectedOf(some: readonly HostileApp[]): Record<string, Reach> {
  const ways = some.flatMap(({ attempts }) => attempts.map(({ way }) => way));
  return Object.fromEntries(
    ways.flatMap(({ name, unprotected }) => (unprotected === "nothing" ? [] : [[name, unprotected]])),
  );
}

function toReach({ connections, requests, packets }: Caught): Reach {
  if (packets > 0) return "packet";
  if (requests > 0) return "request";
  return connections > 0 ? "connection" : "nothing";
}

function toLeak(name: string, caught: Caught): string[] {
  const reach = toReach(caught);
  if (reach === "nothing" || (reach === "connection" && hostNameOnly.has(name))) return [];
  return [`${name}: ${reach}${caught.secret ? " with the secret" : ""}`];
}
