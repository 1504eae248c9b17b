import { makeFolders, startBenchSystem, startInstantModel } from "./bench-system.ts";
import { median, percentile, printFigure } from "./figure.ts";
import { readCpuMs, readTree } from "./process-tree.ts";
import { openSession } from "./session-client.ts";
import { measureTurnFloor } from "./turn-floor.ts";

const WARM_UP = 30;
const SERIAL_TURNS = 150;
const SESSIONS = 50;
const TURNS_EACH = 8;
const ROUNDS = 3;

/** Overhead of a trivial turn, turns per second, CPU per turn; on the merged system, with a model that answers at once. */
export async function measureTurns(): Promise<void> {
  using folders = makeFolders();
  await using model = await startInstantModel();
  await using system = await startBenchSystem(folders, model.url);
  using session = await openSession(system, "bench-serial");
  for (let turn = 0; turn < WARM_UP; turn += 1) await session.run("ping");
  const samples: number[] = [];
  for (let turn = 0; turn < SERIAL_TURNS; turn += 1) samples.push(await session.run("ping"));
  const floor = await measureTurnFloor(model.url);
  printFigure({
    figure: "trivial turn p50",
    unit: "ms",
    value: percentile(samples, 0.5),
    floor: floor.p50,
    must: 20,
    better: "less",
  });
  printFigure({
    figure: "trivial turn p95",
    unit: "ms",
    value: percentile(samples, 0.95),
    floor: floor.p95,
    must: 50,
    better: "less",
  });
  await measureLoad(system);
}

async function measureLoad(system: Awaited<ReturnType<typeof startBenchSystem>>): Promise<void> {
  const sessions = await Promise.all(
    Array.from({ length: SESSIONS }, (_, index) => openSession(system, `bench-${index}`)),
  );
  const rates: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const tree = readTree(system.pid);
    const [startedAt, cpuBefore] = [performance.now(), readCpuMs(tree)];
    await Promise.all(
      sessions.map(async (session) => {
        for (let turn = 0; turn < TURNS_EACH; turn += 1) await session.run("ping");
      }),
    );
    const turns = SESSIONS * TURNS_EACH;
    rates.push((turns * 1_000) / (performance.now() - startedAt));
    cpu.push((readCpuMs(tree) - cpuBefore) / turns);
  }
  for (const session of sessions) session[Symbol.dispose]();
  printFigure({ figure: "turns per second, 50 sessions", unit: "1/s", value: median(rates), must: 60, better: "more" });
  printFigure({
    figure: "CPU per trivial turn, broker included",
    unit: "ms",
    value: median(cpu),
    must: 15,
    better: "less",
  });
}
