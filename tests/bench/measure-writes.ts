import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type BenchSystem, makeFolders, startBenchSystem, startInstantModel } from "./bench-system.ts";
import { percentile, printFigure } from "./figure.ts";
import { toHeaders } from "./session-client.ts";

const WRITES = 150;

/** A change with its snapshot in the file service, in homes of two sizes, and how long until an open shell has the frame. */
export async function measureWrites(): Promise<void> {
  await using model = await startInstantModel();
  const small = await measureHome(10_000, model.url);
  const large = await measureHome(50_000, model.url);
  printFigure({
    figure: "change with snapshot, home of 10k files, p50",
    unit: "ms",
    value: small.write,
    must: 10,
    better: "less",
  });
  printFigure({
    figure: "change with snapshot, home of 50k files, p50",
    unit: "ms",
    value: large.write,
    floor: small.write,
    must: 10,
    better: "less",
  });
  printFigure({
    figure: "file written → frame at the shell, p50",
    unit: "ms",
    value: small.frame,
    must: 10,
    better: "less",
  });
}

async function measureHome(files: number, modelUrl: string): Promise<{ write: number; frame: number }> {
  using folders = makeFolders();
  fill(folders.home, files);
  await using system = await startBenchSystem(folders, modelUrl);
  const frames = await watchFrames(system);
  const toFrame: number[] = [];
  for (let write = 0; write < WRITES; write += 1) {
    const path = `bench/file-${write}.txt`;
    const framed = frames.next(path);
    await put(system, path, `content ${write}`);
    toFrame.push(await framed);
  }
  frames.close();
  return { write: percentile(readWriteTimes(folders.state), 0.5), frame: percentile(toFrame, 0.5) };
}

/** What the file service itself took for each change, as its log tells. */
function readWriteTimes(state: string): number[] {
  const lines = readFileSync(join(state, "logs", "file.jsonl"), "utf8").split("\n");
  return lines
    .filter((line) => line.includes('"file.request.receive"'))
    .map((line) => (JSON.parse(line) as { durationMs: number }).durationMs);
}

function fill(home: string, files: number): void {
  for (let file = 0; file < files; file += 1) {
    const folder = join(home, "documents", String(file % 200));
    if (file < 200) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `note-${file}.md`), `# note ${file}\n`);
  }
}

async function put(system: BenchSystem, path: string, content: string): Promise<void> {
  const response = await fetch(`${system.url}/api/v1/files/${path}`, {
    method: "PUT",
    headers: toHeaders(system),
    body: content,
  });
  if (!response.ok) throw new Error(`not written: ${response.status} ${await response.text()}`);
}

/** Resolves with the milliseconds between the moment a change carries and the arrival of its frame. */
async function watchFrames(system: BenchSystem) {
  const waiting = new Map<string, (afterMs: number) => void>();
  const socket = new WebSocket(`${system.url.replace("http", "ws")}/api/v1/ws`, { headers: toHeaders(system) });
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({ type: "watch-files", ref: "bench" }));
  socket.on("message", (raw: Buffer) => {
    const { change } = JSON.parse(raw.toString()) as { change?: { at: string; paths: { path: string }[] } };
    if (change === undefined) return;
    for (const { path } of change.paths) waiting.get(path)?.(Date.now() - Date.parse(change.at));
  });
  return {
    next: (path: string) => new Promise<number>((resolve) => waiting.set(path, resolve)),
    close: () => socket.close(),
  };
}
