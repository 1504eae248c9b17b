import { rejected } from "@matrix-os/contracts/errors";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Bus, connectBus } from "../src/bus.ts";
import { createEndpointStats, subscribeMicro } from "../src/micro.ts";

// Field by field from ADR-32 of the NATS project («Service API»).
const name = z.string().regex(/^[a-zA-Z0-9_-]+$/);
const metadata = z.record(z.string(), z.string());
const identity = { name, id: z.string().min(1), version: z.string().regex(/^\d+\.\d+\.\d+/), metadata };
const ping = z.strictObject({ ...identity, type: z.literal("io.nats.micro.v1.ping_response") });
const info = z.strictObject({
  ...identity,
  type: z.literal("io.nats.micro.v1.info_response"),
  description: z.string(),
  endpoints: z.array(z.strictObject({ name, subject: z.string(), queue_group: z.string(), metadata })),
});
const stats = z.strictObject({
  ...identity,
  type: z.literal("io.nats.micro.v1.stats_response"),
  started: z.iso.datetime(),
  endpoints: z.array(
    z.strictObject({
      name,
      subject: z.string(),
      queue_group: z.string(),
      num_requests: z.number().int(),
      num_errors: z.number().int(),
      last_error: z.string(),
      processing_time: z.number().int(),
      average_processing_time: z.number().int(),
    }),
  ),
});

let broker: Broker;
let bus: Bus;
let tools: Bus;
const endpoint = createEndpointStats("file-request-read", "mx.file.request.read", "file");

beforeAll(async () => {
  broker = await startBroker();
  bus = await connectBus("file", { url: broker.url });
  tools = await connectBus("tools", { url: broker.url });
  subscribeMicro(bus.connection, { name: "file", version: "0.1.0", description: "The home", endpoints: [endpoint] });
  await bus.connection.nats.flush();
});

afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await tools[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

const ask = async (subject: string): Promise<unknown> =>
  (await tools.connection.nats.request(subject, "", { timeout: 1_000 })).json();

describe("the services protocol", () => {
  it("answers PING, INFO and STATS to all, to a name and to one instance, each in the shape of ADR-32", async () => {
    const { id } = ping.parse(await ask("$SRV.PING"));
    for (const whom of ["", ".file", `.file.${id}`]) {
      expect(ping.parse(await ask(`$SRV.PING${whom}`)).id).toBe(id);
      expect(info.parse(await ask(`$SRV.INFO${whom}`))).toMatchObject({ id, name: "file", description: "The home" });
      expect(stats.parse(await ask(`$SRV.STATS${whom}`)).id).toBe(id);
    }
    await expect(ask("$SRV.PING.other")).rejects.toThrow();
  });

  it("names the endpoint with its subject and queue group", async () => {
    expect(info.parse(await ask("$SRV.INFO.file")).endpoints).toEqual([
      { name: "file-request-read", subject: "mx.file.request.read", queue_group: "file", metadata: {} },
    ]);
  });

  it("counts requests, errors and nanoseconds", async () => {
    endpoint.count(2, undefined);
    endpoint.count(4, rejected("not-found", "no"));
    expect(stats.parse(await ask("$SRV.STATS.file")).endpoints[0]).toMatchObject({
      num_requests: 2,
      num_errors: 1,
      last_error: "not-found",
      processing_time: 6_000_000,
      average_processing_time: 3_000_000,
    });
  });

  it("tells which services are there", async () => {
    expect(await tools.ping(100)).toEqual(new Set(["file"]));
  });
});
