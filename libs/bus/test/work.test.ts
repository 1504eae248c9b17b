import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { OsError, rejected, unavailable } from "@matrix-os/contracts/errors";
import { headers as names } from "@matrix-os/contracts/headers";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bus, connectBus } from "../src/bus.ts";
import { provision } from "../src/provision.ts";
import { doCommand, happenedEvent, makeTestStream, startWorker, worker } from "./messages.ts";

// Wide: the machine may be busy. What it must differ from is a lease or a time-out of several seconds.
const AT_ONCE_MS = 2_000;

let broker: Broker;
let bus: Bus;

beforeAll(async () => {
  broker = await startBroker();
  bus = await connectBus("tester", { url: broker.url });
  await provision(bus.connection);
  await makeTestStream(bus);
});

beforeEach(async () => {
  const manager = await bus.connection.manager();
  await manager.streams.purge(worker.stream);
  await manager.streams.purge("DEAD");
});

afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

async function countOf(stream: string): Promise<number> {
  return (await (await bus.connection.manager()).streams.info(stream)).state.messages;
}

const command = (key: string, text = key) => bus.command(doCommand, key, { text });

describe("publishing", () => {
  it("resolves when the message is stored", async () => {
    const before = await countOf("EVENTS");
    await bus.publish(happenedEvent, "a", { text: "one" });
    expect(await countOf("EVENTS")).toBe(before + 1);
  });

  it("past 256 KB is refused as `too-large`, not as a broker that is away", async () => {
    const big = { text: "x".repeat(300_000) };
    await expect(bus.publish(happenedEvent, "a", big)).rejects.toMatchObject({ kind: "rejected", code: "too-large" });
    expect(() => bus.draft(happenedEvent as never, "a", big)).toThrow(OsError);
  });

  it("refuses keys that would change the meaning of a subject", async () => {
    await expect(bus.publish(happenedEvent, "a.b", { text: "" })).rejects.toThrow(TypeError);
    await expect(bus.publish(happenedEvent, ">", { text: "" })).rejects.toThrow(TypeError);
  });

  it("refuses as `busy` what would wait behind 256 unconfirmed messages", async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 300 }, (_, n) => bus.publish(happenedEvent, `k${n}`, { text: "" })),
    );
    expect(all.filter((one) => one.status === "fulfilled")).toHaveLength(256);
    expect(all[256]).toMatchObject({ status: "rejected", reason: { kind: "unavailable", code: "busy" } });
  });

  it("where no stream listens fails with `no-responder`", async () => {
    const nowhere = { ...happenedEvent, subject: () => "mx.nowhere.at-all.x" };
    await expect(bus.publish(nowhere, "x", { text: "" })).rejects.toMatchObject({
      kind: "unavailable",
      code: "no-responder",
    });
  });
});

describe("a doorbell", () => {
  it("rung twice is one message", async () => {
    await command("a");
    await command("a");
    await command("b");
    expect(await countOf(worker.stream)).toBe(2);
  });

  it("rung while it is worked on is swallowed; after the acknowledgement it rings again", async () => {
    const [begun, gate, over] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    await using running = startWorker(bus, async () => {
      begun.resolve();
      await gate.promise;
      return async () => over.resolve();
    });
    await command("a", "first");
    await begun.promise;
    await command("a", "second");
    expect(await countOf(worker.stream)).toBe(1);
    gate.resolve();
    await over.promise;
    expect(await countOf(worker.stream)).toBe(0);
    await command("a", "third");
    await eventually(() => running.handled.length === 2);
  });

  it("that the broker's full store refuses is not taken for one that rings already", async () => {
    const manager = await bus.connection.manager();
    const info = await manager.streams.info(worker.stream);
    await manager.streams.update(worker.stream, { ...info.config, max_bytes: 600 });
    const all = await Promise.allSettled(["a", "b", "c", "d"].map((key) => command(key)));
    await manager.streams.update(worker.stream, info.config);
    expect(all.at(-1)).toMatchObject({ status: "rejected", reason: { kind: "unavailable" } });
  });
});

describe("a worker", () => {
  it("takes as many messages at a time as it has slots", async () => {
    let [now, most] = [0, 0];
    const gates = Array.from({ length: 9 }, () => Promise.withResolvers<void>());
    let next = 0;
    await using running = startWorker(
      bus,
      async () => {
        most = Math.max(most, (now += 1));
        await gates[next++]?.promise;
        now -= 1;
        return undefined;
      },
      { slots: 3 },
    );
    for (let n = 0; n < 9; n += 1) await command(`k${n}`);
    for (const gate of gates) {
      await eventually(() => now === Math.min(3, 9 - running.handled.length));
      gate.resolve();
    }
    await eventually(() => running.handled.length === 9);
    expect(most).toBe(3);
    expect(running.handled.every((one) => one.outcome === "done")).toBe(true);
  });

  it("keeps a message for longer than its lease while it works on it", async () => {
    let deliveries = 0;
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    await using other = await connectBus("other", { url: broker.url });
    const handler = async () => {
      deliveries += 1;
      begun.resolve();
      await gate.promise;
      return undefined;
    };
    await using one = startWorker(bus, handler);
    await using two = startWorker(other, handler);
    await command("long");
    await begun.promise;
    setTimeout(gate.resolve, worker.ackWaitMs * 2.2);
    await eventually(() => one.handled.length + two.handled.length === 1);
    expect(deliveries).toBe(1);
    expect(await countOf(worker.stream)).toBe(0);
  });

  it("gives back what is `unavailable`, waits longer each time, then keeps it as a dead letter with the reason", async () => {
    const at: number[] = [];
    const attempts: number[] = [];
    await using running = startWorker(
      bus,
      async (_text, { attempt }) => {
        at.push(performance.now());
        attempts.push(attempt);
        throw unavailable("disk-full", "full");
      },
      { maxAttempts: 3 },
    );
    await command("a", "payload");
    await eventually(() => running.handled.length === 3);
    expect(running.handled.map((one) => one.outcome)).toEqual(["retried", "retried", "dead"]);
    expect(attempts).toEqual([1, 2, 3]);
    const [first = 0, second = 0, third = 0] = at;
    expect(second - first).toBeGreaterThan(480);
    expect(third - second).toBeGreaterThan(980);
    const dead = await (
      await bus.connection.manager()
    ).streams.getMessage("DEAD", { last_by_subj: "mx.bus.dead.test.command.do" });
    expect(dead?.header.get(names.deadReason)).toBe("unavailable/disk-full");
    expect(dead?.header.get(names.deadAttempts)).toBe("3");
    expect(dead?.json()).toEqual({ text: "payload" });
    await eventually(async () => (await countOf(worker.stream)) === 0);
  });

  it("keeps a dead letter at once when the message is the sender's fault, our bug, or no body at all", async () => {
    await using running = startWorker(bus, async (text) => {
      if (text === "rejected") throw rejected("not-found", "no");
      throw new TypeError("bug");
    });
    await command("a", "rejected");
    await command("b", "broken");
    await bus.connection.jetstream.publish(doCommand.subject("c"), "{}");
    await eventually(() => running.handled.length === 3);
    expect(running.handled.map((one) => [one.outcome, one.error?.kind])).toEqual([
      ["dead", "rejected"],
      ["dead", "broken"],
      ["dead", "rejected"],
    ]);
    await eventually(async () => (await countOf("DEAD")) === 3 && (await countOf(worker.stream)) === 0);
  });

  it("that abandons a message neither acknowledges it nor gives it back: it comes again when the lease is over", async () => {
    const at: number[] = [];
    await using running = startWorker(bus, async () => (at.push(performance.now()) === 1 ? "abandoned" : undefined));
    await command("a");
    await eventually(() => running.handled.length === 2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(worker.ackWaitMs * 0.9);
    expect(running.handled.map((one) => one.outcome)).toEqual(["abandoned", "done"]);
  });

  it("reports what fails after the acknowledgement, and does not do it again", async () => {
    await using running = startWorker(bus, async () => async () => {
      throw unavailable("bus-down", "later");
    });
    await command("a");
    await eventually(() => running.handled.length === 1);
    expect(running.handled[0]).toMatchObject({ outcome: "done", error: { code: "bus-down" } });
    expect(await countOf(worker.stream)).toBe(0);
    expect(await countOf("DEAD")).toBe(0);
  });

  it("that stops finishes what it works on and takes nothing new", async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const gate = Promise.withResolvers<void>();
    const running = startWorker(bus, async (_text, { signal }) => {
      begun.resolve(signal);
      await gate.promise;
      return undefined;
    });
    await command("a");
    const signal = await begun.promise;
    const stopped = running[Symbol.asyncDispose]();
    expect(signal.aborted).toBe(true);
    await command("b");
    gate.resolve();
    await stopped;
    expect(running.handled).toHaveLength(1);
    await using next = startWorker(bus, async () => undefined);
    const startedAt = performance.now();
    await eventually(() => next.handled.length === 1);
    expect(next.handled[0]?.key).toBe("b");
    expect(performance.now() - startedAt).toBeLessThan(worker.ackWaitMs * 0.8);
  });

  it("that fails because it stops gives the message to the next one at once", async () => {
    const begun = Promise.withResolvers<void>();
    const running = startWorker(bus, (_text, { signal }) => {
      begun.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(rejected("stopped", "draining")));
      });
    });
    await command("a");
    await begun.promise;
    await running[Symbol.asyncDispose]();
    expect(running.handled[0]).toMatchObject({ outcome: "retried" });
    const startedAt = performance.now();
    await using next = startWorker(bus, async () => undefined);
    await eventually(() => next.handled.length === 1);
    expect(performance.now() - startedAt).toBeLessThan(worker.ackWaitMs * 0.8);
    expect(await countOf("DEAD")).toBe(0);
  });

  it("leaves no listener on its signal behind", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    await using running = startWorker(bus, async () => undefined, { slots: 24 });
    for (let n = 0; n < 60; n += 1) await command(`k${n}`);
    await eventually(() => running.handled.length === 60);
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  it("that is killed loses its message to another one when the lease is over", async () => {
    const victim = fork(join(import.meta.dirname, "work-process.ts"), [broker.url]);
    await command("a");
    await once(victim, "message");
    const killedAt = performance.now();
    victim.kill("SIGKILL");
    await using running = startWorker(bus, async () => undefined);
    await eventually(() => running.handled.length === 1);
    expect(performance.now() - killedAt).toBeLessThan(worker.ackWaitMs + AT_ONCE_MS);
  });

  it("that is frozen for longer than its lease stops its handler, and does not take the message away from the next one", async () => {
    const begun = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    await using frozen = await connectBus("frozen", { url: broker.url });
    await using stuck = startWorker(frozen, async (_text, { signal }) => {
      begun.resolve();
      signal.addEventListener("abort", () => aborted.resolve());
      await aborted.promise;
      return undefined;
    });
    await command("a");
    await begun.promise;
    // To the worker it is the same whether it or the broker stands still: nobody confirms its lease.
    const startedAt = performance.now();
    await broker.kill("SIGSTOP");
    await aborted.promise;
    await broker.kill("SIGCONT");
    expect(performance.now() - startedAt).toBeLessThan(worker.ackWaitMs + AT_ONCE_MS);
    await eventually(() => stuck.handled.length === 1);
    expect(stuck.handled[0]).toMatchObject({ outcome: "abandoned" });
    expect(await countOf(worker.stream)).toBe(1);
  });
});
