import { closeSync, fdatasyncSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { fork } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import { connectBus } from "@matrix-os/bus";
import { startBroker } from "@matrix-os/testkit/start-broker";
import { percentile } from "./figure.ts";

const ROUNDS = 100;
/** What one trivial turn needs of the bus: plain hops, hops that end in fsyncs, one doorbell. */
const PLAIN_HOPS = 5;
const SYNCED_HOPS = 3;

/** The least time of a trivial turn here: the same hops, fsyncs and model call, with nothing in between. */
export async function measureTurnFloor(modelUrl: string): Promise<{ p50: number; p95: number }> {
  await using broker = await startBroker();
  const echo = fork(import.meta.filename, ["echo", broker.url]);
  await new Promise((resolve) => echo.once("message", resolve));
  await using bus = await connectBus("floor", { url: broker.url });
  const model = new Anthropic({ apiKey: "x", baseURL: modelUrl, maxRetries: 0 });
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    for (let hop = 0; hop < PLAIN_HOPS; hop += 1) await bus.connection.nats.request("floor.plain", "{}");
    for (let hop = 0; hop < SYNCED_HOPS; hop += 1) await bus.connection.nats.request("floor.synced", "{}");
    await model.messages
      .stream({ model: "instant", max_tokens: 10, messages: [{ role: "user", content: "ping" }] })
      .finalMessage();
    samples.push(performance.now() - startedAt);
  }
  echo.disconnect();
  return { p50: percentile(samples, 0.5), p95: percentile(samples, 0.95) };
}

async function echo(url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "matrix-floor-"));
  const [file, directory] = [openSync(join(folder, "log"), "a"), openSync(folder, "r")];
  const bus = await connectBus("echo", { url });
  bus.connection.nats.subscribe("floor.plain", { callback: (_error, message) => void message.respond("{}") });
  bus.connection.nats.subscribe("floor.synced", {
    callback: (_error, message) => {
      writeSync(file, "x".repeat(1_000));
      fdatasyncSync(file);
      fsyncSync(directory);
      message.respond("{}");
    },
  });
  await bus.connection.nats.flush();
  process.send?.("ready");
  process.once("disconnect", () => {
    closeSync(file);
    closeSync(directory);
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
}

if (process.argv[2] === "echo") await echo(process.argv[3] ?? "");
