import fs from "node:fs";
import { createLog } from "@matrix-os/runtime/log";
import { readFileConfig } from "../../src/config.ts";
import { createFileDeps } from "../../src/deps.ts";
import { appendLog } from "../../src/on-request/append-log.ts";
import { finishTurn } from "../../src/on-request/finish-turn.ts";
import { openLog } from "../../src/on-request/open-log.ts";
import { storeMessage } from "../../src/on-request/store-message.ts";
import { write } from "../../src/on-request/write.ts";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { createFakeBus } from "./test-home.ts";

// Works as hard as it can until it is killed; says on standard output what it has promised.
const round = process.argv[2] ?? "0";
const deps = await createFileDeps(readFileConfig(process.env), { bus: createFakeBus(), log: createLog("error") });
const promised = (what: object) => fs.writeSync(1, `${JSON.stringify(what)}\n`);

async function turns(worker: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const name = { session: `s_${worker}`, turn: `t_${round}_${worker}_${at}` };
    const message = { text: "hello", sender: "owner", replyTo: { channel: "web", account: "owner", chat: "c" } };
    const { arrival } = await storeMessage({ key: name.turn, session: name.session, message }, deps);
    promised({ kind: "message", ...name, arrival });
    const { epoch, length } = await openLog({ ...name, owner: "w" }, deps);
    const appended = await appendLog(
      { ...name, epoch, after: length, records: [{ kind: "model.request", step: 1, reservedUsd: 0 }] },
      deps,
    );
    promised({ kind: "journal", ...name, length: appended.length });
    const entry = {
      turn: name.turn,
      arrival,
      at: new Date().toISOString(),
      steps: [],
      text: "x",
      role: "user" as const,
      id: `${name.turn}.user`,
    };
    const end = { kind: "end" as const, status: "done" as const, text: "x", usage: noUsage };
    await finishTurn(
      {
        ...name,
        epoch,
        after: appended.length,
        records: [end],
        transcript: [entry],
        outbox: [],
        usage: noUsage,
        model: "m",
      },
      deps,
    );
    promised({ kind: "finished", ...name });
  }
}

async function writes(): Promise<never> {
  for (let at = 0; ; at += 1) {
    const content = JSON.stringify({ round, at, pad: "x".repeat(at % 5_000) });
    const { seq, path } = await write(
      { path: `data/${at % 20}.json`, content, encoding: "utf8", origin: { actor: "owner" } },
      deps,
    );
    promised({ kind: "write", seq, path, content });
  }
}

await Promise.all([turns(1), turns(2), turns(3), writes()]);
