import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { expect, it } from "vitest";
import { history } from "../src/on-request/history.ts";
import { openTestHome, photograph } from "./parts/test-home.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 8);

it(
  "a kill at any moment of a check-in leaves the home as before it or as after it",
  async () => {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), "workspace-killed-"));
    const home = path.join(base, "home");
    let next = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { done, begun } = await runUntilKilled({ base, home, first: next, killAfterMs: round * 4 });
      await using test = await openTestHome({ home });
      await test.deps.settled;
      const number = readNumber(path.join(home, "projects/x"));
      expect([done, begun]).toContain(number);
      const { entries } = await test.ask(historyRequest, history, {});
      expect(entries.filter(({ origin }) => origin.actor === "outside")).toEqual([]);
      next = begun + 1;
    }
    fs.rmSync(base, { recursive: true });
  },
  60_000 + ROUNDS * 15_000,
);

/** Resolves when a check-in that began after this call is about to change the home. */
async function untilPromised(home: string): Promise<void> {
  const note = path.join(home, ".matrix/pending.json");
  const since = fs.statSync(note).mtimeMs;
  while (fs.statSync(note).mtimeMs === since || !fs.readFileSync(note, "utf8").includes('"whole"'))
    await new Promise(setImmediate);
}

async function runUntilKilled(how: {
  base: string;
  home: string;
  first: number;
  killAfterMs: number;
}): Promise<{ done: number; begun: number }> {
  const child = spawn(
    process.execPath,
    [new URL("parts/busy-workspace.ts", import.meta.url).pathname, String(how.first)],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: how.base,
        MATRIX_HOME: how.home,
        MATRIX_STATE: path.join(how.base, "state"),
        MATRIX_DEVICE: "test",
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let [done, begun] = [how.first - 1, how.first - 1];
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { done?: number; begun?: number };
    done = said.done ?? done;
    begun = said.begun ?? begun;
    // Some moment inside the third check-in of this run, another one in each round.
    if (said.begun === how.first + 2) {
      await untilPromised(how.home);
      setTimeout(() => child.kill("SIGKILL"), how.killAfterMs);
    }
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(done).toBeGreaterThan(how.first);
  return { done, begun };
}

/** The one number that everything in the folder speaks of. */
function readNumber(folder: string): number {
  const seen = photograph(folder);
  const number = Number(/to-(\d+)/.exec(seen["link"] ?? "")?.[1]);
  const text = Buffer.from(`number ${number}`).toString("base64");
  const expected: Record<string, string> = { link: `link to-${number}`, [`empty-${number}/`]: "folder 755" };
  for (let file = 0; file < 60; file += 1) {
    expected[`d${file % 7}/`] = "folder 755";
    expected[`d${file % 7}/f${file}`] = `file ${number % 2 === 0 ? 644 : 755} ${text}`;
  }
  const turning =
    number % 2 === 0
      ? { turning: `file 644 ${text}` }
      : { "turning/": "folder 755", "turning/deep/": "folder 755", "turning/deep/f": `file 644 ${text}` };
  expect(seen).toEqual({ ...expected, ...turning });
  return number;
}
