import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats } from "@matrix-os/bus/micro";
import type { RequestContract } from "@matrix-os/contracts/define";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { previewRequest } from "@matrix-os/contracts/file/preview.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { exampleLine, exampleMessage } from "@matrix-os/contracts/turn/examples";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJournal } from "../src/journal.ts";
import { toEnding } from "../src/to-ending.ts";
import { runCalls } from "../src/run-calls.ts";
import type { Turn } from "../src/run-turn.ts";
import { runCall } from "../src/tool-calls.ts";
import { type CallState, emptyTurn, foldTurn } from "../src/turn-state.ts";

let broker: Broker;
let bus: Bus;
let files: Bus;

beforeAll(async () => {
  broker = await startBroker();
  bus = await connectBus("kernel", { url: broker.url });
  files = await connectBus("file", { url: broker.url });
});

afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

async function answering<Request, Reply>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
): Promise<AsyncDisposable> {
  const subscription = subscribeAnswer(files.connection, {
    contract,
    service: "file",
    handler,
    observe: () => undefined,
    signal: new AbortController().signal,
    stats: createEndpointStats("e", contract.subject, "file"),
  });
  await files.connection.nats.flush();
  return { [Symbol.asyncDispose]: () => subscription.drain() };
}

const begin: TurnRecord = {
  kind: "begin",
  input: exampleMessage,
  model: "m",
  promptHash: "",
  toolsHash: "",
  budget: { steps: 1, toolCalls: 1, durationMs: 1, costUsd: 1 },
};

describe("a journal", () => {
  it("takes more than fits into one message of the bus, in order and without a gap", async () => {
    const kept: TurnRecord[] = [];
    const at = exampleMessage.at;
    const add = (after: number, records: readonly TurnRecord[]) => {
      expect(after).toBe(kept.length);
      kept.push(...records);
      return { length: kept.length, at };
    };
    await using _open = await answering(openLogRequest, async () => {
      kept.push(exampleLine.record);
      return { lines: [exampleLine], more: false, epoch: 1, length: 1, stopRequested: false, ended: false };
    });
    await using _append = await answering(appendLogRequest, async ({ after, records }) => add(after, records));
    await using _finish = await answering(finishTurnRequest, async ({ after, records }) => add(after, records));
    const journal = await openJournal(bus, { session: exampleMessage.session, turn: exampleMessage.key }, "kernel-1");
    const results = Array.from({ length: 8 }, (_, n): TurnRecord => ({
      kind: "tool.result",
      call: `c${n}`,
      text: "ü".repeat(45_000),
      isError: false,
    }));
    const lines = await journal.append([begin, ...results]);
    expect(lines.map(({ n }) => n)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const text = "x".repeat(70_000);
    const response: TurnRecord = {
      kind: "model.response",
      step: 1,
      content: [{ type: "text", text }],
      stopReason: "end_turn",
      usage: noUsage,
      model: "m",
    };
    const end: TurnRecord = { kind: "end", status: "done", text, usage: noUsage };
    const ending = toEnding(foldTurn(emptyTurn, lines), exampleMessage, [response, end]);
    expect((await journal.finish([response, end], ending)).map(({ n }) => n)).toEqual([11, 12]);
    expect(kept).toEqual([exampleLine.record, begin, ...results, response, end]);
  });
});

describe("a tool call", () => {
  const call = (name: string, input: unknown): CallState => ({
    id: "c1",
    name,
    input,
    label: "",
    progress: "asked",
    class: undefined,
    result: undefined,
  });

  const on = (to: Bus) => ({ bus: to, origin: { actor: "kernel" }, signal: new AbortController().signal });

  it("that must not happen twice and gets no answer is in doubt, and was asked for once", async () => {
    let asked = 0;
    const silent = { ...undoRequest, timeoutMs: 100 };
    await using _undo = await answering(undoRequest, () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    });
    const impatient: Bus = {
      ...bus,
      request: (_contract, body, options) => bus.request(silent as never, body, options),
    };
    expect(await runCall(call("undo", {}), on(impatient))).toEqual({ kind: "tool.doubt", call: "c1" });
    expect(asked).toBe(1);
  });

  it("that may be repeated is asked for again until its service is there", async () => {
    const reply = { path: "a", created: true, change: "c_1", seq: 1, sizeBytes: 1 };
    const early = runCall(call("write_file", { path: "a", content: "b" }), on(bus));
    await bus.connection.nats.flush();
    await using _write = await answering(writeRequest, async () => reply);
    expect(await early).toEqual({ kind: "tool.result", call: "c1", text: "created a (1 bytes)", isError: false });
  });

  it("with a wrong name or wrong arguments is a result that says so", async () => {
    expect(await runCall(call("fly", {}), on(bus))).toMatchObject({
      kind: "tool.result",
      isError: true,
      text: "there is no tool named fly",
    });
    expect(await runCall(call("write_file", { path: "../x" }), on(bus))).toMatchObject({
      kind: "tool.result",
      isError: true,
    });
  });

  it("that brings too much is cut, counted in bytes", async () => {
    await using _write = await answering(writeRequest, async () => ({
      path: "ü".repeat(400),
      created: true,
      change: "c_1",
      seq: 1,
      hash: undefined as never,
    }));
    const record = await runCall(call("write_file", { path: "a", content: "" }), on(bus));
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThan(101_000);
  });

  it.each([
    ["undo", {}, undoRequest, { kind: "tool.doubt", call: "c1" }],
    ["write_file", { path: "a", content: "b" }, writeRequest, { kind: "tool.doubt", call: "c1" }],
    [
      "read_file",
      { path: "a" },
      readRequest,
      { kind: "tool.result", call: "c1", text: "stopped by the owner", isError: true },
    ],
  ])("that still runs when its turn is stopped holds nothing up: %s", async (...[name, input, contract, record]) => {
    const stop = new AbortController();
    await using _preview = await answering(previewRequest, async () => ({ paths: [], pathCount: 0 }));
    const began = Promise.withResolvers<void>();
    await using _silent = await answering(contract as RequestContract, () => {
      began.resolve();
      return new Promise<never>(() => undefined);
    });
    const records: TurnRecord[] = [];
    const turn = {
      message: exampleMessage,
      state: () => emptyTurn,
      deps: { bus, stop: stop.signal, letGo: new AbortController().signal, readRules: async () => [] },
      record: async (more: TurnRecord[]) => void records.push(...more),
    };
    const running = runCalls(turn as unknown as Turn, [call(name, input)]);
    await began.promise;
    const stoppedAt = performance.now();
    stop.abort();
    await running;
    expect(performance.now() - stoppedAt).toBeLessThan(3_000);
    expect(records.slice(1)).toEqual([record]);
  });
});
