import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findDescendants } from "@matrix-os/testkit/process-tree";
import { makeFolders, startBenchSystem, startInstantModel } from "./bench-system.ts";
import { median, printFigure } from "./figure.ts";
import { openSession } from "./session-client.ts";

const TURNS = 20;
const MAX_SYNCS = 12;

/** A wait for the disk: the file or folder it was about, and how long it took. */
interface Sync {
  readonly path: string;
  readonly ms: number;
}

/** What is waited for on the disk in a trivial turn, by what it makes durable. The tracer slows each a little. */
const barriers: readonly { readonly name: string; readonly of: RegExp }[] = [
  { name: "the message's bytes", of: /\.matrix\/tmp\// },
  { name: "the message's name and marker", of: /system\/(inbox|open)/ },
  { name: "the journal's records", of: /turns\/.*\.jsonl$/ },
  { name: "the journal's name", of: /sessions(\/[^/]+(\/turns)?)?$/ },
  { name: "the transcript", of: /transcript\.jsonl$/ },
];

/** How many waits for the disk a trivial turn has and what each kind costs, by tracing the file service. */
export async function measureBarriers(): Promise<void> {
  using folders = makeFolders();
  await using model = await startInstantModel();
  await using system = await startBenchSystem(folders, model.url);
  using session = await openSession(system, "bench-barriers");
  for (let turn = 0; turn < TURNS; turn += 1) await session.run("ping");
  const syncs = await traceSyncs(findFileService(system.pid), join(folders.state, "syncs"), async () => {
    for (let turn = 0; turn < TURNS; turn += 1) await session.run("ping");
  });
  printFigure({
    figure: "waits for the disk per trivial turn",
    unit: "",
    value: syncs.length / TURNS,
    must: MAX_SYNCS,
    better: "less",
  });
  for (const { name, of } of barriers) {
    const own = syncs.filter(({ path }) => of.test(path));
    printFigure({ figure: `barrier: ${name}, per turn`, unit: "", value: own.length / TURNS, better: "less" });
    printFigure({
      figure: `barrier: ${name}, p50`,
      unit: "ms",
      value: median(own.map(({ ms }) => ms)),
      better: "less",
    });
  }
}

async function traceSyncs(pid: number, output: string, work: () => Promise<void>): Promise<Sync[]> {
  const tracer = spawn("strace", ["-f", "-y", "-T", "-o", output, "-e", "trace=fsync,fdatasync", "-p", String(pid)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await once(tracer.stderr, "data");
  await work();
  tracer.kill("SIGINT");
  await once(tracer, "exit");
  return toSyncs(readFileSync(output, "utf8"));
}

/** Calls that another thread interrupted stand on two lines: the second one has the time, the first one the path. */
function toSyncs(text: string): Sync[] {
  const begun = new Map<string, string>();
  return text.split("\n").flatMap((line) => {
    const [thread = ""] = line.split(" ", 1);
    const path = /<([^>]*\/[^>]*)>/.exec(line)?.[1] ?? begun.get(thread);
    if (path !== undefined && line.includes("<unfinished")) begun.set(thread, path);
    const took = /<([\d.]+)>$/.exec(line)?.[1];
    return path === undefined || took === undefined ? [] : [{ path, ms: 1_000 * Number(took) }];
  });
}

function findFileService(root: number): number {
  const found = findDescendants(root).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("services/file/src/main.ts"),
  );
  if (found === undefined) throw new Error("no file service runs");
  return found;
}
