import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats } from "@matrix-os/bus/micro";
import type { RequestContract } from "@matrix-os/contracts/define";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import type { Answer } from "@matrix-os/contracts/policy/question";
import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import type { ModelAnswer, ModelCall, ModelRequest } from "../src/model.ts";
import type { Prompt, TurnDeps } from "../src/run-turn.ts";
import type { Block } from "../src/turn-state.ts";

/** A broker whose file service keeps one journal in memory, and a worker's side of the bus. */
export interface TurnStage extends AsyncDisposable {
  readonly broker: Broker;
  readonly bus: Bus;
  readonly journal: TurnRecord[];
  /** What workers that open the journal next find beside it. */
  readonly found: { stopRequested: boolean; answers: Answer[] };
  readonly answer: <Request, Reply>(
    contract: RequestContract<Request, Reply>,
    handler: (request: Request) => Promise<Reply> | Reply,
  ) => Promise<AsyncDisposable>;
  readonly kindsOf: () => string[];
}

/** Sets one up. */
export async function setTurnStage(): Promise<TurnStage> {
  const broker = await startBroker();
  const bus = await connectBus("kernel", { url: broker.url });
  const files = await connectBus("file", { url: broker.url });
  const journal: TurnRecord[] = [];
  const lines: JournalLine[] = [];
  const found: TurnStage["found"] = { stopRequested: false, answers: [] };
  let epoch = 0;
  const answer: TurnStage["answer"] = async (contract, handler) => {
    const subscription = subscribeAnswer(files.connection, {
      contract,
      service: "file",
      handler: async (request) => await handler(request),
      observe: () => undefined,
      signal: new AbortController().signal,
      stats: createEndpointStats("e", contract.subject, "file"),
    });
    await files.connection.nats.flush();
    return { [Symbol.asyncDispose]: () => subscription.drain() };
  };
  const add = (records: readonly TurnRecord[]) => {
    const at = new Date().toISOString();
    for (const record of records) {
      journal.push(record);
      lines.push({ n: lines.length + 1, at, epoch, prev: "", record });
    }
    return { length: lines.length, at };
  };
  await answer(openLogRequest, ({ owner }) => {
    epoch += 1;
    const { length } = add([{ kind: "fence", epoch, owner }]);
    return { lines: [...lines], more: false, epoch, length, ended: false, ...found };
  });
  await answer(appendLogRequest, ({ records }) => add(records));
  await answer(finishTurnRequest, ({ records }) => add(records));
  return {
    broker,
    bus,
    journal,
    found,
    answer,
    kindsOf: () => journal.map(({ kind }) => kind),
    [Symbol.asyncDispose]: async () => {
      await bus[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** An answer of text, or of calls. */
export const say = (...content: Block[]): ModelAnswer => ({
  content,
  stopReason: content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn",
  usage: noUsage,
  model: "m",
  requestId: "r",
});

export const text = (words: string): Block => ({ type: "text", text: words });
export const use = (id: string, name: string, input: unknown): Block => ({ type: "tool_use", id, name, input });

/** What the model does when it is asked: answers, or throws. */
export type Line = (request: ModelRequest, call: ModelCall) => ModelAnswer | Promise<ModelAnswer>;

const prompt: Prompt = {
  model: "m",
  system: [],
  tools: [],
  history: [],
  promptHash: "",
  toolsHash: "",
  maxOutputTokens: 100,
};

/** A worker's deps, with a model that follows its script. */
export function toDeps(
  bus: Bus,
  script: Line[],
  more: Partial<TurnDeps> & { prompt?: Partial<Prompt> } = {},
): TurnDeps {
  const { prompt: changed, ...deps } = more;
  return {
    bus,
    owner: "kernel-1",
    model: {
      ask: async (request, call) => {
        const next = script.shift();
        if (next === undefined) throw new TypeError("the script is over");
        return await next(request, call);
      },
    },
    limits: { steps: 9, toolCalls: 9, durationMs: 60_000, costUsd: 1, modelAttempts: 4 },
    readPrompt: async () => ({ ...prompt, ...changed }),
    readRules: async () => [],
    reserve: async () => 0.5,
    redact: { text: (one) => one, known: (one) => one },
    pause: async () => undefined,
    readJoining: async () => [],
    stop: new AbortController().signal,
    letGo: new AbortController().signal,
    ...deps,
  };
}

export const message = { ...exampleMessage, text: "go" };
