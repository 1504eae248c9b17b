import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { OsError } from "@matrix-os/contracts/errors";
import type { Usage } from "@matrix-os/contracts/turn/message";
import type { ModelAnswer, ModelCall, ModelClient, ModelRequest } from "@matrix-os/turn/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAnthropicModel } from "../src/model/anthropic-model.ts";
import { type OddAnswer, oddAnswers, recordedStream } from "./odd-answers.ts";

const SILENCE_MS = 400;
const MAX_MORE_BYTES = 200_000_000;
const request: ModelRequest = {
  model: "m",
  system: [],
  tools: [],
  messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
  maxOutputTokens: 100,
};

let server: Server;
let client: ModelClient;
let play: (response: ServerResponse) => void | Promise<void> = () => undefined;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    incoming.resume();
    response.on("error", () => undefined);
    void play(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function clientOf(baseUrl: string): ModelClient {
  return createAnthropicModel(
    { provider: "custom", baseUrl, apiKey: "key" },
    { silenceMs: SILENCE_MS, redact: (text) => text },
  );
}

interface Asked {
  readonly answer: ModelAnswer | undefined;
  readonly error: unknown;
  readonly text: string;
  readonly usage: Usage | undefined;
}

async function ask(more: Partial<ModelCall> = {}, from = client): Promise<Asked> {
  let text = "";
  let usage: Usage | undefined;
  const call: ModelCall = {
    signal: new AbortController().signal,
    onText: (piece) => (text += piece),
    onUsage: (told) => (usage = told),
    ...more,
  };
  try {
    return { answer: await from.ask(request, call), error: undefined, text, usage };
  } catch (error) {
    return { answer: undefined, error, text, usage };
  }
}

async function playOdd(odd: OddAnswer, response: ServerResponse): Promise<void> {
  const type = odd.type ?? "text/event-stream; charset=utf-8";
  response.writeHead(odd.status ?? 200, { "content-type": type, ...odd.headers });
  for (const chunk of odd.chunks) {
    response.write(chunk);
    await turn();
  }
  while (odd.forever !== undefined && !response.destroyed) {
    await (response.write(odd.forever) ? turn() : delay(1));
  }
  response.end();
}

describe("a server that keeps to no protocol", () => {
  test("is told in at least sixty ways, each with a name of its own", () => {
    expect(new Set(oddAnswers.map(({ name }) => name)).size).toBe(oddAnswers.length);
    expect(oddAnswers.length).toBeGreaterThanOrEqual(60);
  });

  test.each(oddAnswers)("$name", async (odd) => {
    play = (response) => playOdd(odd, response);
    const before = process.memoryUsage().rss;
    const { answer, error } = await ask();
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_MORE_BYTES);
    if ("text" in odd.gives) {
      expect(error).toBeUndefined();
      expect(answer?.content).toEqual([{ type: "text", text: odd.gives.text }]);
      return;
    }
    expect(answer).toBeUndefined();
    expect(error).toBeInstanceOf(OsError);
    expect(error).toMatchObject(odd.gives);
  });
});

describe("a recorded stream", () => {
  test("whole, is the answer with its thought, its text and its calls", async () => {
    play = (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end(recordedStream);
    const { answer, text } = await ask();
    expect(answer).toMatchObject({
      stopReason: "tool_use",
      usage: { inputTokens: 11, outputTokens: 5 },
      content: [
        { type: "thinking", thinking: "Look first.", signature: "c2ln" },
        { type: "text", text: "Ich schaue nach, ob es „Grüße“ gibt 👩‍👩‍👧." },
        { type: "tool_use", id: "c1", input: { path: "notes/ä.md" } },
        { type: "tool_use", id: "c2", input: {} },
      ],
    });
    expect(text).toBe("Ich schaue nach, ob es „Grüße“ gibt 👩‍👩‍👧.");
  });

  test.each([
    ["ended at any byte", "end", 1],
    ["reset here and there", "destroy", 7],
  ] as const)("%s, is never an answer, and what it used is told", async (_what, how, stride) => {
    const wholeAt = recordedStream.lastIndexOf("\n\n");
    const said = "Ich schaue nach, ob es „Grüße“ gibt 👩‍👩‍👧.";
    expect(recordedStream.length).toBeGreaterThan(1_000);
    for (let cut = 0; cut < wholeAt; cut += stride) {
      play = (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(recordedStream.subarray(0, cut), () => response[how]());
      };
      const { answer, error, text, usage } = await ask();
      expect([cut, answer]).toEqual([cut, undefined]);
      expect(error).toMatchObject({
        kind: "unavailable",
        code: expect.stringMatching(/^model-(unreachable|garbled)$/),
      });
      expect(said.startsWith(text)).toBe(true);
      expect(usage?.outputTokens ?? -1).toBeGreaterThanOrEqual(Math.ceil(text.length / 4));
      if (text !== "") expect(usage).toMatchObject({ inputTokens: 11 });
    }
  });
});

test("a server without a name, and one that resets every connection, can't be reached", async () => {
  const nowhere = await ask({}, clientOf("http://no-such-host.invalid:1"));
  expect(nowhere.error).toMatchObject({ kind: "unavailable", code: "model-unreachable" });
  play = (response) => void response.socket?.resetAndDestroy();
  expect((await ask()).error).toMatchObject({ kind: "unavailable", code: "model-unreachable" });
});

test("a stop in the middle of an answer keeps its text and drops half a call", async () => {
  play = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(recordedStream.subarray(0, recordedStream.indexOf("tes/ä.md")));
  };
  const stop = new AbortController();
  const { answer } = await ask({ signal: stop.signal, onText: (piece) => piece.includes("ob es") && stop.abort() });
  expect(answer).toMatchObject({ stopReason: "stopped", content: [{ type: "text" }] });
  expect(answer?.usage.inputTokens).toBe(11);
});
