import { createHash, randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { rejected } from "@matrix-os/contracts/errors";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { headers } from "@nats-io/nats-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Bus, connectBus } from "../src/bus.ts";
import { bytesStream } from "./messages.ts";

const MIB = 1_048_576;
let broker: Broker;
let from: Bus;
let to: Bus;

beforeAll(async () => {
  broker = await startBroker();
  from = await connectBus("from", { url: broker.url });
  to = await connectBus("to", { url: broker.url });
});

afterEach(() => vi.useRealTimers());

afterAll(async () => {
  await from[Symbol.asyncDispose]();
  await to[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

const collectGarbage = exposeGarbageCollector();

/** Bytes of buffers that somebody still holds. */
function buffersInUse(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function exposeGarbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

let transfers = 0;
/** A transfer of its own for each test. */
function nextTransfer(signal?: AbortSignal) {
  transfers += 1;
  return { contract: bytesStream, transfer: `t_${transfers}`, signal };
}

async function* chunksOf(count: number, chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) yield chunk;
}

async function readAll(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const part of parts) read.push(part);
  return Buffer.concat(read);
}

/** How many subscriptions a connection holds: none may be left by a transfer. */
const subscriptionsOf = (bus: Bus): number => {
  const { protocol } = bus.connection.nats as unknown as { protocol: { subscriptions: { size(): number } } };
  return protocol.subscriptions.size();
};

describe("a stream of parts", () => {
  it("brings 50 MB byte by byte, with a bounded amount on the way", async () => {
    const chunk = randomBytes(MIB);
    const sent = createHash("sha256");
    const received = createHash("sha256");
    let [sentParts, receivedBytes, mostAhead] = [0, 0, 0];
    async function* source() {
      for (let n = 0; n < 50; n += 1) {
        chunk.writeUInt32BE(n);
        sent.update(chunk);
        sentParts += 1;
        mostAhead = Math.max(mostAhead, sentParts * MIB - receivedBytes);
        yield Buffer.from(chunk);
      }
    }
    const transfer = nextTransfer();
    const before = buffersInUse();
    const parts = to.receiveParts(transfer);
    const sending = from.sendParts(transfer, source());
    for await (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(131_072);
      received.update(part);
      receivedBytes += part.length;
    }
    await sending;
    expect(receivedBytes).toBe(50 * MIB);
    expect(received.digest("hex")).toBe(sent.digest("hex"));
    expect(mostAhead).toBeLessThanOrEqual(4 * MIB);
    await eventually(() => buffersInUse() - before < 4 * MIB);
  });

  it("waits for a receiver that reads slowly", async () => {
    const transfer = nextTransfer();
    let produced = 0;
    async function* source() {
      for (; produced < 64; produced += 1) yield new Uint8Array(131_072);
    }
    const parts = to.receiveParts(transfer);
    const sending = from.sendParts(transfer, source());
    await parts.next();
    await eventually(() => produced >= 16);
    await Promise.all([from.connection.nats.flush(), to.connection.nats.flush()]);
    expect(produced).toBeLessThanOrEqual(18);
    expect((await readAll(parts)).length).toBe(63 * 131_072);
    await sending;
  });

  it("may be empty, and may have empty chunks", async () => {
    const transfer = nextTransfer();
    const [bytes] = await Promise.all([
      readAll(to.receiveParts(transfer)),
      from.sendParts(transfer, chunksOf(0, new Uint8Array())),
    ]);
    expect(bytes).toHaveLength(0);
    const second = nextTransfer();
    const [none] = await Promise.all([
      readAll(to.receiveParts(second)),
      from.sendParts(second, chunksOf(3, new Uint8Array())),
    ]);
    expect(none).toHaveLength(0);
  });

  it("begins whoever comes first: a sender waits for its receiver and a receiver for its sender", async () => {
    const early = nextTransfer();
    const sending = from.sendParts(early, chunksOf(3, Buffer.from("abc")));
    await from.connection.nats.flush();
    expect(String(await readAll(to.receiveParts(early)))).toBe("abcabcabc");
    await sending;
    const late = nextTransfer();
    const reading = readAll(to.receiveParts(late));
    await to.connection.nats.flush();
    await from.sendParts(late, chunksOf(2, Buffer.from("xy")));
    expect(String(await reading)).toBe("xyxy");
  });

  it("may run beside another one", async () => {
    const all = await Promise.all(
      ["a", "b", "c"].map(async (letter) => {
        const transfer = nextTransfer();
        const reading = readAll(to.receiveParts(transfer));
        await from.sendParts(transfer, chunksOf(100, Buffer.alloc(10_000, letter)));
        return await reading;
      }),
    );
    expect(all.map((bytes) => [bytes.length, new Set(bytes).size])).toEqual([
      [1_000_000, 1],
      [1_000_000, 1],
      [1_000_000, 1],
    ]);
  });

  it("leaves no subscription behind, however it ends", async () => {
    await from.connection.nats.request("x.y", "").catch(() => undefined);
    const before = [subscriptionsOf(from), subscriptionsOf(to)];
    const [whole, fails, never] = [nextTransfer(), nextTransfer(), nextTransfer()];
    await Promise.all([readAll(to.receiveParts(whole)), from.sendParts(whole, chunksOf(2, Buffer.from("a")))]);
    const given = to.receiveParts(fails);
    const sending = from.sendParts(fails, chunksOf(1_000, Buffer.alloc(200_000)));
    sending.catch(() => undefined);
    await given.next();
    await given.return?.();
    await expect(sending).rejects.toMatchObject({ kind: "rejected", code: "conflict" });
    // Never begun: the request beside it failed, say.
    await to.receiveParts(never).return?.();
    expect([subscriptionsOf(from), subscriptionsOf(to)]).toEqual(before);
  });
});

describe("a stream of parts that can't go on", () => {
  it("tells the sender that its receiver gave up", async () => {
    const transfer = nextTransfer();
    const parts = to.receiveParts(transfer);
    const sending = from.sendParts(transfer, chunksOf(1_000, new Uint8Array(131_072)));
    const failed = expect(sending).rejects.toMatchObject({ code: "conflict" });
    for await (const _part of parts) break;
    await failed;
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });

  it("tells the receiver what the source threw", async () => {
    const transfer = nextTransfer();
    async function* source() {
      yield Buffer.from("abc");
      throw rejected("too-large", "too much");
    }
    const reading = readAll(to.receiveParts(transfer));
    const sending = from.sendParts(transfer, source());
    await expect(Promise.allSettled([reading, sending])).resolves.toMatchObject([
      { status: "rejected", reason: { kind: "rejected", code: "too-large" } },
      { status: "rejected", reason: { kind: "rejected", code: "too-large" } },
    ]);
  });

  it("ends with either side's signal", async () => {
    const stop = new AbortController();
    const transfer = nextTransfer(stop.signal);
    const reading = readAll(to.receiveParts({ ...transfer, signal: undefined }));
    const never: AsyncIterable<Uint8Array> = chunksOf(10_000, new Uint8Array(131_072));
    const sending = from.sendParts(transfer, never);
    const both = Promise.allSettled([reading, sending]);
    await to.connection.nats.flush();
    stop.abort();
    expect(await both).toMatchObject([{ status: "rejected" }, { status: "rejected", reason: { code: "stopped" } }]);
    const receiver = new AbortController();
    const alone = readAll(to.receiveParts(nextTransfer(receiver.signal)));
    receiver.abort();
    await expect(alone).rejects.toMatchObject({ kind: "rejected", code: "stopped" });
  });

  it("times out for both when the other side is silent, but not while it shows signs of life", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
    const lonely = Promise.allSettled([
      readAll(to.receiveParts(nextTransfer())),
      from.sendParts(nextTransfer(), chunksOf(1, Buffer.from("a"))),
    ]);
    const transfer = nextTransfer();
    const gate = Promise.withResolvers<void>();
    async function* slowSource() {
      yield Buffer.from("a");
      await gate.promise;
      yield Buffer.from("b");
    }
    const slow = Promise.all([readAll(to.receiveParts(transfer)), from.sendParts(transfer, slowSource())]);
    for (let second = 0; second < 20; second += 1) {
      vi.advanceTimersByTime(1_000);
      await Promise.all([from.connection.nats.flush(), to.connection.nats.flush()]);
    }
    expect(await lonely).toMatchObject([
      { status: "rejected", reason: { kind: "unavailable", code: "timed-out" } },
      { status: "rejected", reason: { kind: "unavailable", code: "timed-out" } },
    ]);
    gate.resolve();
    expect(String((await slow)[0])).toBe("ab");
  });

  it("refuses a sender that does not wait for credit", async () => {
    const transfer = nextTransfer();
    const parts = to.receiveParts(transfer);
    await to.connection.nats.flush();
    for (let n = 0; n < 100; n += 1) sayPart(transfer.transfer, n + 1);
    await from.connection.nats.flush();
    await to.connection.nats.flush();
    await expect(readAll(parts)).rejects.toMatchObject({ kind: "rejected", code: "invalid" });
  });

  it("never passes off a part for the whole: a hole in the numbers is an error", async () => {
    const transfer = nextTransfer();
    const parts = to.receiveParts(transfer);
    await to.connection.nats.flush();
    sayPart(transfer.transfer, 1);
    sayPart(transfer.transfer, 3);
    await expect(readAll(parts)).rejects.toMatchObject({ kind: "unavailable", code: "bus-down" });
  });

  it("fails on both sides when the broker is lost on the way", async () => {
    const transfer = nextTransfer();
    const parts = to.receiveParts(transfer);
    const both = Promise.allSettled([
      readAll(parts),
      from.sendParts(transfer, chunksOf(100_000, new Uint8Array(1_000))),
    ]);
    await from.connection.nats.flush();
    await broker.restart();
    expect(await both).toMatchObject([
      { status: "rejected", reason: { kind: "unavailable", code: "bus-down" } },
      { status: "rejected", reason: { kind: "unavailable", code: "bus-down" } },
    ]);
    await eventually(() => from.isUp() && to.isUp());
    const again = nextTransfer();
    const reading = readAll(to.receiveParts(again));
    await from.sendParts(again, chunksOf(1, Buffer.from("ok")));
    expect(String(await reading)).toBe("ok");
  });
});

function sayPart(transfer: string, number: number): void {
  const head = headers();
  head.set("mx-part", String(number));
  from.connection.nats.publish(bytesStream.subject(transfer), new Uint8Array(1_000), { headers: head });
}
