import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { eventually } from "@matrix-os/testkit/eventually";
import { connectBus } from "@matrix-os/bus";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProcess } from "../src/run-services.ts";
import { type RunnableService, answer, defineService } from "../src/service.ts";
import { probeRequest } from "./probe.ts";

let broker: Broker;

beforeAll(async () => {
  broker = await startBroker();
});

afterAll(() => broker[Symbol.asyncDispose]());

const happened: string[] = [];

function createService(
  name: string,
  how: { readonly startError?: Error; readonly closeError?: Error } = {},
): RunnableService {
  return defineService({
    name,
    description: name,
    readConfig: () => ({}),
    createDeps: async () => {
      if (how.startError !== undefined) throw how.startError;
      happened.push(`${name} made`);
      return {
        [Symbol.asyncDispose]: async () => {
          happened.push(`${name} closed`);
          if (how.closeError !== undefined) throw how.closeError;
        },
      };
    },
    hears: [answer(probeRequest, async () => ({ done: true }))],
    says: [],
  });
}

const env = () => ({ MATRIX_BUS_URL: broker.url, MATRIX_LOG_LEVEL: "error" });

describe("services in one process", () => {
  it("start in order, close in the opposite one, and one that can't close does not keep the others open", async () => {
    happened.length = 0;
    const failing = createService("two", { closeError: new Error("can't close") });
    const running = await startProcess("all", [createService("one"), failing, createService("three")], env());
    await running[Symbol.asyncDispose]();
    expect(happened).toEqual(["one made", "two made", "three made", "three closed", "two closed", "one closed"]);
    await using bus = await connectBus("tester", { url: broker.url });
    await eventually(async () => (await bus.ping(20)).size === 0);
  });

  it("that can't all start leave nothing running", async () => {
    happened.length = 0;
    const broken = createService("two", { startError: new Error("no disk") });
    await expect(startProcess("all", [createService("one"), broken], env())).rejects.toThrow("no disk");
    expect(happened).toEqual(["one made", "one closed"]);
    await using bus = await connectBus("tester", { url: broker.url });
    await expect(bus.request(probeRequest, { please: "answer" })).rejects.toMatchObject({ code: "no-responder" });
  });
});
