import fs from "node:fs";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { expect, it } from "vitest";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { history } from "../src/on-request/history.ts";
import { undo } from "../src/on-request/undo.ts";
import { toBlobId } from "../src/disk/content.ts";
import { openTestHome, photograph } from "./parts/test-home.ts";

const origin = { actor: "kernel", session: "s_1", turn: "t1" };

it("leaves what a killed change had done with its own turn, and other edits with their own", async () => {
  await using test = await openTestHome();
  await test.deps.settled;
  const seq = await test.put("a.md", "1", "t1");
  await test.stop();
  // As a kill leaves it between putting a file in place and recording it.
  fs.writeFileSync(test.at(".matrix", "pending.json"), JSON.stringify({ seq: seq + 1, origin, paths: ["b.md"] }));
  fs.writeFileSync(test.at("b.md"), "2");
  fs.writeFileSync(test.at("by-hand.md"), "3");
  await test.start();
  await test.deps.settled;
  const { entries } = await test.ask(historyRequest, history, {});
  expect(entries.map(({ origin: by, paths }) => [by.actor, paths.map(({ path }) => path)])).toEqual([
    ["outside", ["by-hand.md"]],
    ["kernel", ["a.md", "b.md"]],
  ]);
});

it("leaves an undo that was killed an undo, so that it can be redone", async () => {
  await using test = await openTestHome();
  await test.deps.settled;
  const seq = await test.put("a.md", "1", "t1");
  await test.stop();
  const note = { seq: seq + 1, origin: { actor: "owner" }, paths: ["a.md"], reverses: `c_${seq}` };
  fs.writeFileSync(test.at(".matrix", "pending.json"), JSON.stringify(note));
  fs.rmSync(test.at("a.md"));
  await test.start();
  await test.deps.settled;
  const { entries } = await test.ask(historyRequest, history, {});
  expect(entries.map(({ state, reverses }) => [state, reverses])).toEqual([
    ["applied", `c_${seq}`],
    ["undone", undefined],
  ]);
  await test.ask(undoRequest, undo, { direction: "redo", origin: { actor: "owner" } });
  expect(fs.readFileSync(test.at("a.md"), "utf8")).toBe("1");
});

it.each([
  ["a torn note", '{"seq":'],
  ["the note of a change that is recorded", JSON.stringify({ seq: 1, origin, paths: ["b.md"] })],
])("takes %s for nothing", async (_what, note) => {
  await using test = await openTestHome();
  await test.deps.settled;
  await test.put("a.md", "1");
  await test.stop();
  fs.writeFileSync(test.at(".matrix", "pending.json"), note);
  fs.writeFileSync(test.at("b.md"), "2");
  await test.start();
  await test.deps.settled;
  const { entries } = await test.ask(historyRequest, history, {});
  expect(entries.map((entry) => entry.origin.actor)).toEqual(["outside", "owner"]);
});

it("takes a killed change back that had promised to be whole, however far it had come", async () => {
  await using test = await openTestHome();
  await test.deps.settled;
  await test.put("x/changed", "1");
  await test.put("x/gone/f", "1");
  await test.put("x/turning", "1");
  fs.symlinkSync("was", test.at("x/link"));
  await test.deps.writer.recordOutside(["x"]);
  const before = photograph(test.home);
  const seq = test.deps.recorder.log.newest;
  await test.stop();
  const file = (text: string) => ({ type: "file", mode: 0o644, blob: toBlobId(Buffer.from(text)) });
  const folder = { type: "folder", mode: 0o755 };
  const whole = [
    { path: "x/changed", before: file("1"), after: file("2") },
    { path: "x/gone", before: folder },
    { path: "x/gone/f", before: file("1") },
    { path: "x/link", before: { type: "link", blob: toBlobId(Buffer.from("was")) } },
    { path: "x/new", after: { ...folder, mode: 0o700 } },
    { path: "x/new/f", after: file("2") },
    { path: "x/not-yet", after: file("2") },
    { path: "x/by-hand", after: file("2") },
    { path: "x/turning", before: file("1"), after: folder },
    { path: "x/turning/f", after: file("2") },
  ];
  fs.writeFileSync(test.at(".matrix/pending.json"), JSON.stringify({ seq: seq + 1, origin, paths: ["x"], whole }));
  for (const name of ["x/gone", "x/link", "x/turning"]) fs.rmSync(test.at(name), { recursive: true });
  fs.writeFileSync(test.at("x/changed"), "2");
  for (const name of ["x/new", "x/turning"]) {
    fs.mkdirSync(test.at(name));
    fs.writeFileSync(test.at(name, "f"), "2");
  }
  fs.writeFileSync(test.at("x/by-hand"), "while it was stopped");
  await test.start();
  await test.deps.settled;
  const after = photograph(test.home);
  expect(after["x/by-hand"]).toContain(Buffer.from("while it was stopped").toString("base64"));
  delete after["x/by-hand"];
  expect(after).toEqual(before);
  expect(fs.existsSync(test.at(".matrix/pending.json"))).toBe(false);
  const { entries } = await test.ask(historyRequest, history, {});
  expect(entries[0]).toMatchObject({ origin: { actor: "outside" }, paths: [{ path: "x/by-hand" }] });
});
