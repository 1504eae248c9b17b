import { defineCommand, defineControl, defineEvent, defineRequest, defineStream } from "@matrix-os/contracts/define";
import type { ConsumerDefinition } from "@matrix-os/contracts/streams";
import { AckPolicy, DiscardPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { z } from "zod";
import { subscribeAnswer } from "../src/answer.ts";
import type { Bus } from "../src/bus.ts";
import type { Handled, MessageContext } from "../src/handled.ts";
import { createEndpointStats } from "../src/micro.ts";
import { type WorkResult, workOnMessages } from "../src/work.ts";

const NANOS_PER_MS = 1_000_000;
const text = z.object({ text: z.string() });

/** Doubles a number. */
export const doubleRequest = defineRequest({
  id: "test.request.double",
  summary: "Double a number",
  timeoutMs: 1_000,
  request: z.object({ number: z.number(), note: z.string().optional() }),
  reply: z.object({ result: z.number() }),
  example: { request: { number: 1 }, reply: { result: 2 } },
});

/** Something happened. */
export const happenedEvent = defineEvent({
  id: "test.event.happened",
  summary: "It happened",
  body: text,
  example: { text: "a" },
});
/** Something is to be done. */
export const doCommand = defineCommand({ id: "test.command.do", summary: "Do it", body: text, example: { text: "a" } });
/** Something is to be heard now. */
export const hearControl = defineControl({
  id: "test.control.hear",
  summary: "Hear it",
  body: text,
  example: { text: "a" },
});
/** Some bytes. */
export const bytesStream = defineStream({ id: "test.stream.bytes", summary: "Bytes" });

/** The consumer of `doCommand`: a lease of one second. */
export const worker: ConsumerDefinition = {
  stream: "TEST",
  durable: "worker",
  filter: doCommand.anyKey,
  ackWaitMs: 2_500,
  maxDeliver: -1,
};

/** Makes the stream and the consumer of `doCommand`, as the provisioner makes those of the system. */
export async function makeTestStream(bus: Bus): Promise<void> {
  const manager = await bus.connection.manager();
  await manager.streams.add({
    name: worker.stream,
    subjects: [doCommand.anyKey],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    discard_new_per_subject: true,
    max_bytes: 1_048_576,
  });
  await manager.consumers.add(worker.stream, {
    durable_name: worker.durable,
    filter_subject: worker.filter,
    ack_policy: AckPolicy.Explicit,
    ack_wait: worker.ackWaitMs * NANOS_PER_MS,
    max_deliver: worker.maxDeliver,
  });
}

/** A worker that is stopped when disposed. */
export interface TestWorker extends AsyncDisposable {
  readonly handled: Handled[];
}

/** Works on `doCommand` until disposed. */
export function startWorker(
  bus: Bus,
  handler: (text: string, context: MessageContext) => Promise<WorkResult>,
  how: { readonly slots?: number; readonly maxAttempts?: number } = {},
): TestWorker {
  const stopping = new AbortController();
  const handled: Handled[] = [];
  const working = workOnMessages(bus.connection, {
    contract: doCommand,
    consumer: worker,
    slots: how.slots ?? 1,
    maxAttempts: how.maxAttempts ?? 10,
    handler: (body, context) => handler(body.text, context),
    observe: (one) => handled.push(one),
    signal: stopping.signal,
  });
  return {
    handled,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await working;
    },
  };
}

/** A service that answers `doubleRequest`. */
export interface TestAnswers extends AsyncDisposable {
  readonly handled: Handled[];
}

/** Answers `doubleRequest` until disposed. */
export function startAnswers(
  bus: Bus,
  handler: (number: number, context: MessageContext) => Promise<number>,
): TestAnswers {
  const handled: Handled[] = [];
  const subscription = subscribeAnswer(bus.connection, {
    contract: doubleRequest,
    service: "test",
    handler: async ({ number }, context) => ({ result: await handler(number, context) }),
    observe: (one) => handled.push(one),
    signal: new AbortController().signal,
    stats: createEndpointStats("double", doubleRequest.subject, "test"),
  });
  return { handled, [Symbol.asyncDispose]: () => subscription.drain() };
}
