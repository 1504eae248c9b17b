import { readdirSync } from "node:fs";
import { join } from "node:path";
import { OsError } from "@matrix-os/contracts/errors";
import { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { streams } from "@matrix-os/contracts/streams";
import { eventually } from "@matrix-os/testkit/eventually";
import { expect, test } from "vitest";
import { accept } from "./parts/play-kernel.ts";
import { type Stage, startStage } from "./parts/stage.ts";

/** Makes or changes the stream of doorbells so that it may have so many bytes. */
async function limitDoorbells(stage: Stage, how: "CREATE" | "UPDATE", bytes: number): Promise<void> {
  const turns = streams.find(({ name }) => name === "TURNS");
  const wish = {
    name: "TURNS",
    subjects: turns?.subjects,
    retention: "workqueue",
    discard: "new",
    max_msgs_per_subject: 1,
    discard_new_per_subject: true,
    max_bytes: bytes,
  };
  const reply = await stage.bus.connection.nats.request(`$JS.API.STREAM.${how}.TURNS`, JSON.stringify(wish));
  expect(reply.json()).not.toHaveProperty("error");
}

const readNames = (stage: Stage) =>
  ["inbox", "open", "sessions"].flatMap((name) =>
    readdirSync(join(stage.home, "system", name), { recursive: true, encoding: "utf8" }).filter((path) =>
      /[0-9a-f]{64}|^s_/.test(path),
    ),
  );

test("a broker that can't keep the doorbell is a refusal that leaves nothing, and passes when it has room again", async () => {
  await using stage = await startStage();
  // Full before the first message.
  await limitDoorbells(stage, "CREATE", 1);
  await using dispatcher = stage.startDispatcher();
  await eventually(() => dispatcher.said().includes("service started"));
  const refusals = await Promise.all(
    ["a", "b", "c"].map((nativeId) => accept(stage.bus, { chat: "c", nativeId }).catch((error: unknown) => error)),
  );
  for (const refusal of refusals) {
    expect(refusal).toBeInstanceOf(OsError);
    expect(refusal).toMatchObject({ kind: "unavailable", code: "disk-full" });
  }
  expect(readNames(stage)).toEqual([]);
  await limitDoorbells(stage, "UPDATE", 1_000_000);
  const accepted = await accept(stage.bus, { chat: "c", nativeId: "a" });
  expect(accepted.duplicate).toBe(false);
  const { input } = await stage.bus.request(nextInputRequest, { session: accepted.session });
  expect(input).toMatchObject({ key: accepted.key });
});

test("the same native id ten times at once is one message", async () => {
  await using stage = await startStage();
  await using dispatcher = stage.startDispatcher();
  await eventually(() => dispatcher.said().includes("service started"));
  const accepted = await Promise.all(
    Array.from({ length: 10 }, () => accept(stage.bus, { chat: "c", nativeId: "webhook 1" })),
  );
  expect(new Set(accepted.map(({ key, session, arrival }) => `${key} ${session} ${arrival}`)).size).toBe(1);
  expect(accepted.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  expect(readdirSync(join(stage.home, "system", "open"))).toHaveLength(1);
});
