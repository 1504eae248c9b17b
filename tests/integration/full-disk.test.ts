import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { eventually } from "@matrix-os/testkit/eventually";
import { gated, text } from "@matrix-os/testkit/messages/answers";
import { startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { expect, test } from "vitest";
import { readHomeTree } from "./parts/home-tree.ts";
import { readTranscript } from "./parts/session-files.ts";
import { mountSmallDisk } from "./parts/small-disk.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";
import { watchSession } from "./parts/watch-session.ts";

const RECOVERY_MS = 20_000;

test("a full home refuses with 503, keeps nothing half-written, and is back within 5 seconds", async (context) => {
  using disk = mountSmallDisk();
  if (disk === undefined) return context.skip();
  await using system = await startHere({ home: join(disk.path, "home") });
  await system.send("echo there is room");
  disk.fill();
  const before = readAll(system);
  const refused = await hand(system, "echo into a full disk");
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "disk-full" });
  const put = await system.fetch("/api/v1/files/notes.md", { method: "PUT", body: "x".repeat(10_000) });
  expect(put.status).toBe(503);
  expect(readAll(system)).toEqual(before);
  disk.free();
  await expectRecovery(system);
});

test("a turn that meets a full disk goes on when there is room again, and is answered once", async (context) => {
  using disk = mountSmallDisk();
  if (disk === undefined) return context.skip();
  const room = Promise.withResolvers<void>();
  await using model = await startMessagesServer([
    gated(text("Wait ", "for it."), (n) => (n === 0 ? go : room.promise)),
  ]);
  await using system = await startHere({ home: join(disk.path, "home"), ...toModelEnv(model) });
  const accepted = await system.accept("say something");
  using watcher = await watchSession(system, accepted.session);
  await watcher.untilText((seen) => seen.startsWith("Wait"));
  disk.fill();
  room.resolve();
  expect((await hand(system, "one more")).status).toBe(503);
  disk.free();
  const freedAt = performance.now();
  const { answer } = await system.untilFinished(accepted);
  expect(performance.now() - freedAt).toBeLessThan(RECOVERY_MS);
  expect(answer).toMatchObject({ status: "done", text: "Wait for it." });
  expect(readTranscript(system, accepted)).toHaveLength(2);
});

test("a full state directory refuses with 503, and what was refused never runs", async (context) => {
  using disk = mountSmallDisk();
  if (disk === undefined) return context.skip();
  await using system = await startHere({ state: join(disk.path, "state") });
  await system.send("echo there is room");
  await eventually(() => readdirSync(join(system.home, "system", "open")).length === 0);
  disk.fill();
  const before = readKept(system);
  const handed = await Promise.all(["one", "two", "three"].map((word) => hand(system, `echo ${word}`)));
  expect(handed.map(({ status }) => status)).toEqual([503, 503, 503]);
  const again = await hand(system, "echo four");
  expect(again.status).toBe(503);
  expect(await again.json()).toMatchObject({ retryAfterMs: expect.any(Number) });
  expect(readKept(system)).toEqual(before);
  disk.free();
  await expectRecovery(system);
  await eventually(() => readdirSync(join(system.home, "system", "open")).length === 0);
  expect(countInbox(system)).toBe(2);
});

const go = Promise.resolve();

function hand(system: TestSystem, words: string): Promise<Response> {
  const body = JSON.stringify({ text: words });
  return system.fetch(sendMessageRoute.path, { method: "POST", body, headers: { "content-type": "application/json" } });
}

async function expectRecovery(system: TestSystem): Promise<void> {
  const freedAt = performance.now();
  const accepted = await eventually(() => system.accept("echo back again"), { withinMs: RECOVERY_MS });
  const { answer } = await system.untilFinished(accepted);
  expect(answer).toMatchObject({ status: "done", text: "back again" });
  expect(performance.now() - freedAt).toBeLessThan(RECOVERY_MS);
}

function countInbox(system: TestSystem): number {
  return readdirSync(join(system.home, "system", "inbox"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /[0-9a-f]{64}\.json$/.test(name),
  ).length;
}

/** The owner's files with their bytes, and the names of what the system keeps. */
function readAll(system: TestSystem): unknown {
  return { owner: readHomeTree(system.home), kept: readKept(system) };
}

function readKept(system: TestSystem): string[][] {
  return ["inbox", "open", "sessions"].map((name) =>
    readdirSync(join(system.home, "system", name), { recursive: true, encoding: "utf8" }).toSorted(),
  );
}
