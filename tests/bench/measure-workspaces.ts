import { fork } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { type Bus, connectBus } from "@matrix-os/bus";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { eventually } from "@matrix-os/testkit/eventually";
import { startBroker } from "@matrix-os/testkit/start-broker";
import { type BenchFolders, makeFolders } from "./bench-system.ts";
import { printFigure } from "./figure.ts";

const SIZES = [10, 1_000, 20_000];
const FILE_BYTES = 2_000;
const origin = { actor: "owner" };

/** A folder copied to where commands work, refreshed, and taken back wholly changed: asked over the bus, beside a bare copy. */
export async function measureWorkspaces(): Promise<void> {
  for (const files of SIZES) {
    using folders = makeFolders();
    await fill(join(folders.home, "projects", "bench"), files, "home");
    await using broker = await startBroker();
    await using bus = await connectBus("bench", { url: broker.url });
    await using _service = startFileService(folders, broker.url);
    await eventually(async () => (await bus.ping(100)).has("file"), { withinMs: 60_000 });
    await measureSize(bus, folders, files);
  }
}

async function measureSize(bus: Bus, folders: BenchFolders, files: number): Promise<void> {
  const source = join(folders.home, "projects", "bench");
  const floor = await timed(() => cp(source, join(folders.state, "copy"), { recursive: true }));
  const ask = { folder: "projects/bench", origin };
  const print = (what: string, value: number) =>
    printFigure({ figure: `${what}, ${files} files`, unit: "ms", value, floor, better: "less" });
  // The first comparison of a new home is no part of it.
  await bus.request(checkOutRequest, { folder: "projects/none", origin });
  print("check-out of a folder", await timed(() => bus.request(checkOutRequest, ask)));
  const { workspace } = await bus.request(checkOutRequest, ask);
  print("check-out again, nothing changed", await timed(() => bus.request(checkOutRequest, ask)));
  print("check-in, nothing changed", await timed(() => bus.request(checkInRequest, { workspace, origin })));
  await fill(join(folders.state, "work", workspace, "files"), files, "command");
  print("check-in, every file changed", await timed(() => checkIn(bus, workspace, files)));
}

async function checkIn(bus: Bus, workspace: string, files: number): Promise<void> {
  const reply = await bus.request(checkInRequest, { workspace, origin });
  if (!reply.applied || reply.changes !== files)
    throw new Error(`not taken in: ${JSON.stringify(reply).slice(0, 500)}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** With a turn for the bus now and then, or the broker would take this process for dead. */
async function fill(folder: string, files: number, word: string): Promise<void> {
  for (let file = 0; file < files; file += 1) {
    const below = join(folder, `part-${file % 100}`);
    if (file % 100 === 0) await new Promise(setImmediate);
    if (file < 100) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `file-${file}.txt`), `${word} ${file}\n`.repeat(FILE_BYTES / 10).slice(0, FILE_BYTES));
  }
}

function startFileService(folders: BenchFolders, busUrl: string): AsyncDisposable {
  const main = join(import.meta.dirname, "..", "..", "services", "file", "src", "main.ts");
  const child = fork(main, {
    env: {
      PATH: process.env["PATH"],
      HOME: folders.state,
      MATRIX_HOME: folders.home,
      MATRIX_STATE: folders.state,
      MATRIX_BUS_URL: busUrl,
      MATRIX_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(join(folders.state, "work"), { recursive: true, force: true });
    },
  };
}
