import fs from "node:fs";
import path from "node:path";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { appendLog } from "../src/on-request/append-log.ts";
import { finishTurn } from "../src/on-request/finish-turn.ts";
import { openLog } from "../src/on-request/open-log.ts";
import { storeMessage } from "../src/on-request/store-message.ts";
import { write } from "../src/on-request/write.ts";
import { openTestHome } from "./parts/test-home.ts";

// Run: node services/file/test/bench.ts [files] — prints one JSON line a figure; times in milliseconds.
const files = Number(process.argv[2] ?? 10_000);
const rounds = 300;

function fill(home: string): void {
  for (let at = 0; at < files; at += 1) {
    const folder = path.join(home, `data/d${at % 100}/e${Math.floor(at / 100) % 10}`);
    if (at < 1_000) fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `f${at}.txt`), `file ${at}\n`.repeat(20));
  }
}

async function measure(name: string, work: (round: number) => Promise<unknown>): Promise<void> {
  for (let round = 0; round < 20; round += 1) await work(-1 - round);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work(round);
    times.push(performance.now() - start);
  }
  const used = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.floor(rounds * share)] ?? 0).toFixed(2));
  print({
    figure: name,
    files,
    p50: at(0.5),
    p95: at(0.95),
    cpu: Number(((used.user + used.system) / 1_000 / rounds).toFixed(2)),
  });
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const started = performance.now();
await using test = await openTestHome({ before: fill });
print({ figure: "start until answers (filling included)", ms: Math.round(performance.now() - started) });
const baseline = performance.now();
await test.deps.settled;
print({ figure: "first snapshot", files, ms: Math.round(performance.now() - baseline) });

const origin = { actor: "owner" };
await measure("write + snapshot, existing file", (round) =>
  write(
    {
      path: `data/d${Math.abs(round) % 100}/e0/f${Math.abs(round) % 100}.txt`,
      content: `changed ${round} ${Math.random()}`,
      encoding: "utf8",
      origin,
    },
    test.deps,
  ),
);
await measure("write + snapshot, new file", (round) =>
  write({ path: `notes/n${round}.md`, content: `new ${round}`, encoding: "utf8", origin }, test.deps),
);

const name = (round: number) => ({ session: `s_${Math.abs(round) % 50}`, turn: `t_${round}` });
await measure("store-message", (round) =>
  storeMessage(
    {
      key: name(round).turn,
      session: name(round).session,
      message: { text: "hello", sender: "owner", replyTo: { channel: "web", account: "owner", chat: "c" } },
    },
    test.deps,
  ),
);
await measure("open-log", (round) => openLog({ ...name(round), owner: "w" }, test.deps));
await measure("append-log", (round) =>
  appendLog(
    { ...name(round), epoch: 1, after: 1, records: [{ kind: "model.request", step: 1, reservedUsd: 0 }] },
    test.deps,
  ),
);
await measure("finish-turn", (round) => {
  const { turn } = name(round);
  const entry = { turn, arrival: 1, at: new Date().toISOString(), steps: [], text: "hello" };
  return finishTurn(
    {
      ...name(round),
      epoch: 1,
      after: 2,
      records: [{ kind: "end", status: "done", text: "hi", usage: noUsage }],
      transcript: [
        { ...entry, id: `${turn}.user`, role: "user" as const },
        { ...entry, id: `${turn}.assistant`, role: "assistant" as const },
      ],
      outbox: [],
      usage: noUsage,
      model: "m",
    },
    test.deps,
  );
});
