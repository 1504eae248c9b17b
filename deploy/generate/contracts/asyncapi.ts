import type { Contract } from "@matrix-os/contracts/define";
import { errorBody } from "@matrix-os/contracts/errors";
import { headers } from "@matrix-os/contracts/headers";
import { consumers, streams } from "@matrix-os/contracts/streams";
import type { RunnableService } from "@matrix-os/runtime/service";
import { toSchema, toSchemas } from "./to-snapshot.ts";

/** The AsyncAPI 3.0 document of every message: one channel each, and who sends and receives there. */
export function toAsyncApi(contracts: readonly Contract[], services: readonly RunnableService[]): object {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Matrix OS",
      version: "1.0.0",
      description: "Every message on the bus, generated from contracts/ and the services' maps.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      bus: { host: "127.0.0.1:4222", protocol: "nats", description: "Each service has a bus user of its own." },
    },
    channels: Object.fromEntries(contracts.flatMap(toChannels)),
    operations: Object.fromEntries(services.flatMap(toOperations)),
    components: {
      messages: { ...Object.fromEntries(contracts.flatMap(toMessages)), error: toErrorMessage() },
      schemas: { ...Object.fromEntries(contracts.flatMap(toNamedSchemas)), error: toSchema(errorBody) },
      messageTraits: { envelope: toEnvelope() },
    },
  };
}

type Entry = [name: string, value: object];

function toChannels(contract: Contract): Entry[] {
  if (contract.kind !== "request") return [[contract.id, toKeyedChannel(contract)]];
  return [
    [contract.id, { address: contract.subject, summary: contract.summary, messages: toMessageRefs([contract.id]) }],
    [
      `${contract.id}.reply`,
      { address: null, summary: "The asker's own inbox.", messages: toMessageRefs([`${contract.id}.reply`, "error"]) },
    ],
  ];
}

function toKeyedChannel(contract: Exclude<Contract, { kind: "request" }>): object {
  const { kind } = contract;
  const stream = streams.find(({ subjects }) => subjects.some((pattern) => covers(pattern, contract.anyKey)));
  const consumer = consumers.filter(({ filter }) => filter === contract.anyKey).map(({ durable }) => durable);
  return {
    address: contract.subject("KEY").replace(/KEY$/, "{key}"),
    summary: contract.summary,
    parameters: {
      key: { description: kind === "stream" ? "The transfer." : "What the message is about, such as the session." },
    },
    messages: toMessageRefs([contract.id]),
    "x-kind": kind,
    ...(stream === undefined ? {} : { "x-jetstream": { stream: stream.name, consumers: consumer } }),
  };
}

/** Whether a pattern of a stream takes everything that another pattern names. */
function covers(pattern: string, subjects: string): boolean {
  const [wide, narrow] = [pattern.split("."), subjects.split(".")];
  return (
    wide.every((part, at) => part === ">" || part === "*" || part === narrow[at]) &&
    (wide.at(-1) === ">" || wide.length === narrow.length)
  );
}

function toMessageRefs(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

const traits = [{ $ref: "#/components/messageTraits/envelope" }];

function toMessages(contract: Contract): Entry[] {
  const { id: name, summary } = contract;
  switch (contract.kind) {
    case "stream":
      return [
        [
          name,
          { name, summary, contentType: "application/octet-stream", payload: { type: "string", format: "binary" } },
        ],
      ];
    case "request":
      return [
        [
          name,
          {
            name,
            summary,
            traits,
            payload: toSchemaRef(name, "request"),
            examples: [toExample(contract.example.request)],
          },
        ],
        [
          `${name}.reply`,
          {
            name: `${name}.reply`,
            summary: `The answer to: ${summary}`,
            payload: toSchemaRef(name, "reply"),
            examples: [toExample(contract.example.reply)],
          },
        ],
      ];
    default:
      return [
        [name, { name, summary, traits, payload: toSchemaRef(name, "body"), examples: [toExample(contract.example)] }],
      ];
  }
}

/** What an asker gets instead of an answer. */
function toErrorMessage(): object {
  return {
    name: "error",
    summary: "Why it could not be done.",
    headers: { type: "object", properties: { [headers.error]: { type: "string" } }, required: [headers.error] },
    payload: { $ref: "#/components/schemas/error" },
  };
}

function toExample(payload: unknown): object {
  return { payload };
}

function toSchemaRef(id: string, part: string): object {
  return { $ref: `#/components/schemas/${id}.${part}` };
}

function toNamedSchemas(contract: Contract): Entry[] {
  return Object.entries(toSchemas(contract)).map(([part, schema]) => [`${contract.id}.${part}`, schema]);
}

function toOperations(service: RunnableService): Entry[] {
  const received = service.hears.map(({ contract, how }): Entry => [
    `${service.name}.receives.${contract.id}`,
    { action: "receive", ...toOperation(contract), tags: toTags(service), "x-how": how },
  ]);
  // Of a family only its members are places to send to.
  const members = service.says.filter(({ id }) => !id.startsWith("*"));
  const sent = members.map((contract): Entry => [
    `${service.name}.sends.${contract.id}`,
    { action: "send", ...toOperation(contract), tags: toTags(service) },
  ]);
  return [...received, ...sent];
}

function toOperation(contract: Contract): object {
  return {
    channel: { $ref: `#/channels/${contract.id}` },
    summary: contract.summary,
    ...(contract.kind === "request"
      ? { reply: { channel: { $ref: `#/channels/${contract.id}.reply` } }, "x-timeout-ms": contract.timeoutMs }
      : {}),
  };
}

function toTags(service: RunnableService): object[] {
  return [{ name: service.name }];
}

/** CloudEvents in binary mode, trace context and ours. */
function toEnvelope(): object {
  const required = [headers.id, headers.type, headers.source, headers.time];
  return {
    contentType: "application/json",
    headers: {
      type: "object",
      properties: Object.fromEntries(Object.values(headers).map((name) => [name, { type: "string" }])),
      required,
    },
  };
}
