import { setTimeout as delay } from "node:timers/promises";
import { spawn } from "node:child_process";
import { makeFolders, startBenchSystem, startInstantModel } from "./bench-system.ts";
import { printFigure } from "./figure.ts";
import { readCpuMs, readMemoryMb, readTree } from "./process-tree.ts";

const SETTLE_MS = 5_000;
const WATCH_MS = Number(process.env["BENCH_IDLE_MS"] ?? 30_000);

/** What the system costs while nobody talks to it. Floor of the memory: three bare Node processes. */
export async function measureIdle(): Promise<void> {
  using folders = makeFolders();
  await using model = await startInstantModel();
  await using system = await startBenchSystem(folders, model.url);
  await delay(SETTLE_MS);
  const tree = readTree(system.pid);
  const before = readCpuMs(tree);
  await delay(WATCH_MS);
  const cpuPercent = ((readCpuMs(tree) - before) / WATCH_MS) * 100;
  printFigure({
    figure: "idle memory, broker included (PSS)",
    unit: "MB",
    value: readMemoryMb(tree),
    floor: await measureBareNodes(),
    must: 300,
    better: "less",
  });
  printFigure({ figure: "idle CPU", unit: "%", value: cpuPercent, must: 1, better: "less" });
}

async function measureBareNodes(): Promise<number> {
  const nodes = Array.from({ length: 3 }, () => spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]));
  await delay(1_000);
  const memory = readMemoryMb(nodes.map((node) => node.pid ?? 0));
  for (const node of nodes) node.kill();
  return memory;
}
