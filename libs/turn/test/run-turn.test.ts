import type { Bus } from "@matrix-os/bus";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { createRedactor } from "@matrix-os/redaction/redactor";
import { expect, test } from "vitest";
import type { ModelAnswer } from "../src/model.ts";
import { runTurn } from "../src/run-turn.ts";

const secret = "corr3ct-horse-battery";
const redact = createRedactor();
redact.learn("HORSE", secret);

test("no secret enters the journal, the transcript or what watchers see, whoever says it", async () => {
  const sent: unknown[] = [];
  let length = 1;
  const replies: Record<string, (body: { records: unknown[] }) => unknown> = {
    [openLogRequest.id]: () => ({
      ...openLogRequest.example.reply,
      lines: [{ n: 1, at, epoch: 1, prev: "", record: { kind: "fence", epoch: 1, owner: "w" } }],
    }),
    [appendLogRequest.id]: ({ records }) => ({ length: (length += records.length), at }),
    [finishTurnRequest.id]: ({ records }) => ({ length: (length += records.length), at }),
  };
  const bus = {
    request: async ({ id }: { id: string }, body: { records: unknown[] }) => {
      sent.push(body);
      return replies[id]?.(body);
    },
    draft: (_contract: unknown, _key: string, body: unknown) => void sent.push(body),
  } as unknown as Bus;
  const answer: ModelAnswer = {
    content: [{ type: "text", text: `It is ${secret}.` }],
    stopReason: "end_turn",
    usage: noUsage,
    model: "m",
    requestId: undefined,
  };
  const outcome = await runTurn(
    { ...exampleMessage, text: `Remember ${secret}.` },
    {
      bus,
      owner: "w",
      redact,
      model: { ask: async () => answer },
      limits: { steps: 5, toolCalls: 5, durationMs: 60_000, costUsd: 1, modelAttempts: 1 },
      readPrompt: async () => prompt,
      readRules: async () => [],
      reserve: async () => 0,
      readJoining: async () => [],
      stop: new AbortController().signal,
      letGo: new AbortController().signal,
    },
  );
  expect(outcome.status).toBe("done");
  const all = JSON.stringify(sent);
  expect(all).toContain("It is [secret HORSE].");
  expect(all).toContain("Remember [secret HORSE].");
  expect(all).not.toContain(secret);
});

const at = new Date().toISOString();
const prompt = {
  model: "m",
  system: [],
  tools: [],
  history: [],
  promptHash: "p",
  toolsHash: "t",
  maxOutputTokens: 100,
};
