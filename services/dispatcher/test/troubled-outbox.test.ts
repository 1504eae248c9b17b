import { toDeliverRequest } from "@matrix-os/contracts/channel/deliver";
import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { settlePartRequest } from "@matrix-os/contracts/file/settle-part.request";
import { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import type { StoredPart } from "@matrix-os/contracts/turn/outbox";
import { examplePart } from "@matrix-os/contracts/turn/outbox";
import { eventually } from "@matrix-os/testkit/eventually";
import { expect, test } from "vitest";
import { type Scene, playFiles, setScene } from "./parts/scene.ts";

const deliver = toDeliverRequest("telegram");

const toPart = (seq: number, more: Partial<StoredPart> = {}): StoredPart => ({
  ...examplePart,
  to: { ...examplePart.to, chat: `chat ${seq}` },
  seq,
  turn: `turn-${seq}`,
  text: `text ${seq}`,
  at: new Date().toISOString(),
  ...more,
});

/** Leads are given out under growing epochs. */
async function playLeads({ play }: Scene) {
  let taken = 0;
  const playing = await play(takeLeadRequest, () => ({ epoch: (taken += 1) }));
  return { taken: () => taken, [Symbol.asyncDispose]: () => playing[Symbol.asyncDispose]() };
}

/** Removes a stream of the broker. */
const removeStream = (scene: Scene, name: string) =>
  scene.bus.connection.nats.request(`$JS.API.STREAM.DELETE.${name}`, "");

test("an outbox that can't be looked at is looked at again, page by page, and every part goes out", async () => {
  await using scene = await setScene();
  await using leads = await playLeads(scene);
  const waiting = new Map([1, 2, 3].map((seq) => [seq, toPart(seq)]));
  let isBroken = true;
  await using _files = await playFiles(scene, {
    listOutbox: ({ afterSeq }) => {
      if (isBroken) throw new TypeError("no");
      const next = [...waiting.values()].find(({ seq }) => seq > afterSeq);
      // A page without parts ends the list, whatever it says of more.
      return { parts: next === undefined ? [] : [next], more: true };
    },
  });
  const settled: number[] = [];
  await using _settle = await scene.play(settlePartRequest, ({ turn, epoch, outcome }) => {
    expect(outcome).toEqual({ kind: "sent", nativeId: `native ${turn}` });
    expect(epoch).toBe(leads.taken());
    const seq = Number(turn.split("-")[1]);
    waiting.delete(seq);
    settled.push(seq);
    return {};
  });
  await using _telegram = await scene.play(deliver, ({ key }) => ({ nativeId: `native ${key.split(".")[0]}` }));
  await using _dispatcher = await scene.start();
  await eventually(() => scene.hasSaid("the outbox could not be looked at"));
  expect(settled).toEqual([]);
  isBroken = false;
  await eventually(() => settled.length === 3);
  expect(new Set(settled)).toEqual(new Set([1, 2, 3]));
});

test("whose outcome is refused as stale leads no more, and begins again under a new epoch", async () => {
  await using scene = await setScene();
  await using leads = await playLeads(scene);
  let part: StoredPart | undefined = toPart(1);
  await using _files = await playFiles(scene, {
    listOutbox: () => ({ parts: part === undefined ? [] : [part], more: false }),
  });
  const epochs: number[] = [];
  await using _settle = await scene.play(settlePartRequest, ({ epoch }) => {
    epochs.push(epoch);
    if (epoch === 1) throw rejected("stale-epoch", "somebody else leads");
    part = undefined;
    return {};
  });
  await using _telegram = await scene.play(deliver, () => ({ nativeId: "n" }));
  await using _dispatcher = await scene.start();
  // Its own lease has to end first: it does not know that it was its own.
  await eventually(() => epochs.includes(2), { withinMs: 30_000 });
  expect(epochs).toEqual([1, 2]);
  expect(leads.taken()).toBe(2);
  expect(scene.hasSaid("a part is not settled")).toBe(true);
});

test("a dead letter that nobody can be told of is still a dead letter, with the words of the failure", async () => {
  await using scene = await setScene();
  await using _leads = await playLeads(scene);
  const error = { kind: "rejected" as const, code: "budget-spent" as const, message: "too dear" };
  const failed = toPart(1, { status: "failed", error });
  const { status: _, ...plain } = toPart(2);
  let parts: StoredPart[] = [];
  await using _files = await playFiles(scene, { listOutbox: () => ({ parts, more: false }) });
  await using _settle = await scene.play(settlePartRequest, ({ turn, outcome }) => {
    expect(outcome).toMatchObject({ kind: "dead", error: { code: "not-found" } });
    parts = parts.filter((part) => part.turn !== turn);
    return {};
  });
  const asked: unknown[] = [];
  await using _telegram = await scene.play(deliver, (body) => {
    asked.push(body);
    throw rejected("not-found", "the chat is gone");
  });
  await using _dispatcher = await scene.start({ MATRIX_RECONCILE_MS: "500" });
  await eventually(() => scene.hasSaid("leads the dispatchers"));
  // Taken away again and again, for the reconciler makes it again.
  await eventually(async () => {
    parts = [failed, plain];
    await removeStream(scene, "EVENTS");
    return scene.hasSaid("reply-undelivered not published; the activity log has it");
  });
  await eventually(() => parts.length === 0);
  expect(asked).toContainEqual(expect.objectContaining({ key: "turn-1.1", status: "failed", error }));
  expect(asked.find((body) => (body as { key: string }).key === "turn-2.1")).not.toHaveProperty("status");
});

test("a part that waits for its channel when the dispatcher ends is left as it is, at once", async () => {
  await using scene = await setScene();
  await using _leads = await playLeads(scene);
  await using _files = await playFiles(scene, {
    listOutbox: () => ({ parts: [toPart(1), toPart(2)], more: false }),
  });
  let settled = 0;
  await using _settle = await scene.play(settlePartRequest, () => {
    settled += 1;
    return {};
  });
  const asked = new Set<string>();
  // One hangs, the other is told to wait for a minute.
  await using _telegram = await scene.play(deliver, ({ key }) => {
    asked.add(key);
    if (key === "turn-1.1") return new Promise<never>(() => undefined);
    throw unavailable("busy", "slow down", { retryAfterMs: 60_000 });
  });
  const dispatcher = await scene.start();
  await eventually(() => asked.size === 2 && scene.hasSaid("a part could not be sent yet"));
  const endedAt = performance.now();
  await dispatcher[Symbol.asyncDispose]();
  expect(performance.now() - endedAt).toBeLessThan(8_000);
  expect(settled).toBe(0);
});
