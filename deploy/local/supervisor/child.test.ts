import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { eventually } from "@matrix-os/testkit/eventually";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { expect, test } from "vitest";
import { type Child, type ChildCommand, keepRunning } from "./child.ts";

interface Watched {
  readonly child: Child;
  readonly pids: number[];
  readonly pauses: number[];
  readonly hopeless: string[];
  readonly printed: () => string;
}

function start(script: string, how: Partial<ChildCommand> = {}): Watched {
  const [pids, pauses, hopeless]: [number[], number[], string[]] = [[], [], []];
  let printed = "";
  const child = keepRunning(
    { name: "child", file: process.execPath, args: ["-e", script], env: {}, tellsReady: true, ...how },
    {
      log: { write: (chunk) => (printed += chunk.toString()), [Symbol.dispose]: () => undefined },
      onStart: (pid) => pids.push(pid),
      onHopeless: (reason) => hopeless.push(reason),
      onRestart: (inMs) => pauses.push(inMs),
    },
  );
  return { child, pids, pauses, hopeless, printed: () => printed };
}

const ready = "process.send({ ready: true });";
const stays = "setInterval(() => {}, 1000);";

test("a process that ends by itself is started again, with a growing pause", async () => {
  const { child, pids, pauses } = start(`${ready} setTimeout(() => process.exit(1), 20);`);
  await child.ready;
  await eventually(() => pauses.length >= 3);
  await child.stop(1_000);
  expect(pauses.slice(0, 3)).toEqual([100, 200, 400]);
  expect(pids.length).toBeGreaterThanOrEqual(3);
});

test("one that can't be configured is not started again, and what it said is the reason", async () => {
  const { child, hopeless, pids } = start(`console.error("MATRIX_PORT: wrong"); process.exit(78);`);
  await expect(child.ready).rejects.toThrow("MATRIX_PORT: wrong");
  expect(hopeless).toEqual(["MATRIX_PORT: wrong"]);
  expect(pids).toHaveLength(1);
});

test("one that never gets ready is given up after three tries", async () => {
  const { child, hopeless, pids } = start(`console.error("no port"); process.exit(1);`);
  await expect(child.ready).rejects.toThrow("no port");
  expect(hopeless).toHaveLength(1);
  expect(pids).toHaveLength(3);
});

test("one that can't be run at all says why", async () => {
  const { child } = start("", { file: join("/", randomUUID()) });
  await expect(child.ready).rejects.toThrow("ENOENT");
});

test("a stop asks first and kills later", async () => {
  const { child, pids } = start(`process.on("SIGTERM", () => {}); ${ready} ${stays}`);
  await child.ready;
  await child.stop(100);
  const [pid = 0] = pids;
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("one that says that only a new start can help it gets one", async () => {
  using folder = tempFolder("child");
  const once = JSON.stringify(join(folder.path, "said"));
  const script = `const fs = require("fs");
    if (!fs.existsSync(${once})) { fs.writeFileSync(${once}, ""); console.log("store is spoilt"); }
    ${stays}`;
  const { child, pids, printed } = start(script, { tellsReady: false, spoiltWhenSaying: /store is spoilt/ });
  await eventually(() => pids.length === 2);
  expect(printed()).toContain("store is spoilt");
  await child.stop(1_000);
});
