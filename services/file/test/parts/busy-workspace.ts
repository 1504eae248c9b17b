import fs from "node:fs";
import path from "node:path";
import { createLog } from "@matrix-os/runtime/log";
import { readFileConfig } from "../../src/config.ts";
import { createFileDeps } from "../../src/deps.ts";
import { checkIn } from "../../src/on-request/check-in.ts";
import { checkOut } from "../../src/on-request/check-out.ts";
import { createFakeBus } from "./test-home.ts";

// Checks one folder in again and again, each time all of its files with one number in them, until it is killed.
const FILES = 60;
const first = Number(process.argv[2] ?? 0);
const origin = { actor: "kernel", session: "s_1" };
const config = readFileConfig(process.env);
const deps = await createFileDeps(config, { bus: createFakeBus(), log: createLog("error") });
await deps.settled;
for (let at = first; ; at += 1) {
  const { workspace } = await checkOut({ folder: "projects/x", origin }, deps);
  change(path.join(config.stateDir, "work", workspace, "files"), at);
  fs.writeSync(1, `${JSON.stringify({ begun: at })}\n`);
  const { applied } = await checkIn({ workspace, origin }, deps);
  fs.writeSync(1, `${JSON.stringify({ done: applied ? at : "not applied" })}\n`);
}

/** Files, links, permissions, an empty folder, and a name that is a file and a folder by turns. */
function change(folder: string, at: number): void {
  for (let file = 0; file < FILES; file += 1) {
    const below = path.join(folder, `d${file % 7}`);
    fs.mkdirSync(below, { recursive: true });
    fs.writeFileSync(path.join(below, `f${file}`), `number ${at}`);
    fs.chmodSync(path.join(below, `f${file}`), at % 2 === 0 ? 0o644 : 0o755);
  }
  for (const name of ["link", "turning"]) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  for (const entry of fs.readdirSync(folder)) if (entry.startsWith("empty-")) fs.rmdirSync(path.join(folder, entry));
  fs.symlinkSync(`to-${at}`, path.join(folder, "link"));
  fs.mkdirSync(path.join(folder, `empty-${at}`));
  if (at % 2 === 0) fs.writeFileSync(path.join(folder, "turning"), `number ${at}`);
  else {
    fs.mkdirSync(path.join(folder, "turning/deep"), { recursive: true });
    fs.writeFileSync(path.join(folder, "turning/deep/f"), `number ${at}`);
  }
}
