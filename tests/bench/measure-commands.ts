import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats } from "@matrix-os/bus/micro";
import type { RequestContract } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import { runCommandRequest } from "@matrix-os/contracts/tools/run-command.request";
import { startProcess } from "@matrix-os/runtime/run-services";
import { startBroker } from "@matrix-os/testkit/start-broker";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { toolsService } from "@matrix-os/tools/service";
import { median, percentile, printFigure } from "./figure.ts";

const ROUNDS = 40;

/** A command in the sandbox over the bus, beside the same program started bare; check-out and return cost nothing here. */
export async function measureCommands(): Promise<void> {
  using folder = tempFolder("bench");
  await using broker = await startBroker();
  await using bus = await connectBus("file", { url: broker.url, user: undefined, password: undefined });
  const state = join(folder.path, "state");
  mkdirSync(join(state, "work", "w", "files"), { recursive: true });
  answerForFiles(bus);
  const env = { MATRIX_STATE: state, MATRIX_BUS_URL: broker.url, MATRIX_LOG_LEVEL: "error" };
  const begun = performance.now();
  await using _service = await startProcess("tools", [toolsService], env);
  await bus.request(describeToolsRequest, {}, { timeoutMs: 30_000 });
  printFigure({ figure: "sandbox chosen by trial", unit: "ms", value: performance.now() - begun, better: "less" });
  const bare = await repeat(() => once(spawn("/bin/true"), "exit"));
  const confined = await repeat(() => run(bus));
  const floor = median(bare);
  printFigure({ figure: "command in the sandbox, p50", unit: "ms", value: median(confined), floor, better: "less" });
  printFigure({
    figure: "command in the sandbox, p95",
    unit: "ms",
    value: percentile(confined, 0.95),
    floor: percentile(bare, 0.95),
    better: "less",
  });
}

async function run(bus: Bus): Promise<void> {
  const { view } = await bus.request(runCommandRequest, {
    command: ["/bin/true"],
    folder: "bench",
    background: false,
    origin: { actor: "bench" },
  });
  if (view.exitCode !== 0) throw new Error(`the command ended with ${view.state} ${view.exitCode}`);
}

async function repeat(work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await work();
    samples.push(performance.now() - begun);
  }
  return samples;
}

function answerForFiles(bus: Bus): void {
  answer(bus, checkOutRequest, async () => ({ workspace: "w", files: 0, bytes: 0 }));
  answer(bus, checkInRequest, async () => ({ changed: [], changes: 0, conflicts: [], refused: [], applied: true }));
  answer(bus, readRequest, async () => {
    throw rejected("not-found", "no policy");
  });
}

function answer<Request, Reply>(
  bus: Bus,
  contract: RequestContract<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
): void {
  const signal = new AbortController().signal;
  const stats = createEndpointStats(contract.id, contract.subject, "file");
  subscribeAnswer(bus.connection, { contract, service: "file", handler, observe: () => undefined, signal, stats });
}
