import { spawn } from "node:child_process";
import { makeFolders, startBenchSystem, startInstantModel } from "./bench-system.ts";
import { median, printFigure } from "./figure.ts";

const STARTS = 5;

/** From the command to `ready`, on an installed tree with a home that exists. Floor: two bare Node processes one after the other. */
export async function measureStart(): Promise<void> {
  using folders = makeFolders();
  await using model = await startInstantModel();
  const samples: number[] = [];
  for (let start = 0; start <= STARTS; start += 1) {
    await using system = await startBenchSystem(folders, model.url);
    if (start > 0) samples.push(system.readyAfterMs);
  }
  const floors: number[] = [];
  for (let start = 0; start < STARTS; start += 1) floors.push(await timeBareNode());
  printFigure({
    figure: "start to ready",
    unit: "ms",
    value: median(samples),
    floor: median(floors),
    must: 2_000,
    better: "less",
  });
}

async function timeBareNode(): Promise<number> {
  const startedAt = performance.now();
  for (let process_ = 0; process_ < 2; process_ += 1) {
    const child = spawn(process.execPath, ["-e", "0"]);
    await new Promise((resolve) => child.once("exit", resolve));
  }
  return performance.now() - startedAt;
}
