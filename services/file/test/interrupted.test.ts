import fs from "node:fs";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { expect, it } from "vitest";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { history } from "../src/on-request/history.ts";
import { undo } from "../src/on-request/undo.ts";
import { openTestHome } from "./parts/test-home.ts";

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
