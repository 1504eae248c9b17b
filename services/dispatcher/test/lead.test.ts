import { toDeliverRequest } from "@matrix-os/contracts/channel/deliver";
import { OsError } from "@matrix-os/contracts/errors";
import { settlePartRequest } from "@matrix-os/contracts/file/settle-part.request";
import { eventually } from "@matrix-os/testkit/eventually";
import { expect, test } from "vitest";
import { accept, finish } from "./parts/play-kernel.ts";
import { startStage, untilLeads } from "./parts/stage.ts";

// The lease lives 15 s; the promise is 18 s. Wide, because the machine may be busy.
const TAKEN_OVER_MS = 25_000;

test("one of two dispatchers leads; frozen, it is replaced, and what it then writes is refused", async () => {
  await using stage = await startStage();
  await using first = stage.startDispatcher();
  await untilLeads(first);
  await using second = stage.startDispatcher();
  const seen: string[] = [];
  const hold = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  let holds = true;
  await using _telegram = await stage.answer(toDeliverRequest("telegram"), async ({ text }) => {
    seen.push(text);
    began.resolve();
    if (holds) await hold.promise;
    return { nativeId: `n${seen.length}` };
  });
  const turn = await accept(stage.bus, { chat: "a", nativeId: "m" });
  await finish(stage.bus, turn, { chat: "a", texts: ["hello"] });
  await began.promise;
  // Frozen while it waits for the channel: it will hear of the delivery only after it was replaced.
  first.signal("SIGSTOP");
  const frozenAt = performance.now();
  holds = false;
  expect(second.said()).not.toContain("leads the dispatchers");
  await untilLeads(second, TAKEN_OVER_MS);
  expect(performance.now() - frozenAt).toBeLessThan(TAKEN_OVER_MS);
  await eventually(() => seen.length === 2);
  const settle = (epoch: number) =>
    stage.bus.request(settlePartRequest, {
      epoch,
      channel: "telegram",
      turn: turn.key,
      n: 1,
      outcome: { kind: "sent", nativeId: "zombie" },
    });
  const refusal: unknown = await settle(1).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(OsError);
  expect(refusal).toMatchObject({ code: "stale-epoch" });
  hold.resolve();
  first.signal("SIGCONT");
  // Awake again, it goes on as the one that does not lead.
  const next = await accept(stage.bus, { chat: "a", nativeId: "next" });
  await finish(stage.bus, next, { chat: "a", texts: ["once"] });
  await eventually(() => seen.includes("once"));
  expect(seen.filter((text) => text === "once")).toHaveLength(1);
  await eventually(() => settle(2).then(() => true));
});

test("a dispatcher that ends gives its lead back at once", async () => {
  await using stage = await startStage();
  await using first = stage.startDispatcher();
  await untilLeads(first);
  await using second = stage.startDispatcher();
  await eventually(() => second.said().includes("service started"));
  const endedAt = performance.now();
  first.signal("SIGTERM");
  await untilLeads(second);
  expect(performance.now() - endedAt).toBeLessThan(10_000);
});
