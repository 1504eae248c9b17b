import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Status, readStatusRoute } from "@matrix-os/contracts/api/status";
import { CONFIG_FILE_PATH } from "@matrix-os/contracts/home/config-file";
import { eventually } from "@matrix-os/testkit/eventually";
import { costing, text, toolUse } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { FinishedTurn, TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runMatrixos } from "./parts/run-program.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";
import { isFinished, watchSession } from "./parts/watch-session.ts";

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model));
});

beforeEach(() => {
  model.play([toolUse({ name: "list_files", input: { path: "" } }), text("Looked.")]);
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

test("the settings that a system comes with are fine", async () => {
  expect((await readStatus()).problems).toEqual([]);
  expect(await runMatrixos(system, "doctor")).toMatchObject({ code: 0, stderr: "" });
  expect((await system.send("look")).answer).toMatchObject({ status: "done", text: "Looked." });
});

test("a change from the command line works at once, without a restart", async () => {
  expect(await runMatrixos(system, "config", "set", "budgets.steps", "1")).toMatchObject({ code: 0 });
  expect((await system.send("look")).answer).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
});

test("a value that does not fit is refused by the command line, naming the setting", async () => {
  const ran = await runMatrixos(system, "config", "set", "budgets.steps", "many");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("budgets.steps");
});

test.each([
  ["no JSON", "{ budgets: ", "JSON"],
  ["an unknown setting", '{"colour":"green"}', "colour"],
  ["a wrong value", '{"budgets":{"steps":0}}', "budgets.steps"],
])(
  "a file with %s is reported where the owner looks, and the last good settings stay",
  async (_what, content, named) => {
    edit(content);
    const problem = await eventually(async () => (await readStatus()).problems.find((each) => each.includes(named)), {
      withinMs: 10_000,
    });
    expect(problem).toContain(CONFIG_FILE_PATH);
    const ran = await runMatrixos(system, "doctor");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(named);
    expect((await system.send("look")).answer).toMatchObject({ error: { code: "budget-spent" } });
  },
);

test("a repaired file counts at once", async () => {
  edit('{"budgets":{"steps":5}}');
  await eventually(async () => (await readStatus()).problems.length === 0, { withinMs: 10_000 });
  expect((await system.send("look")).answer).toMatchObject({ status: "done", text: "Looked." });
  expect(await runMatrixos(system, "doctor")).toMatchObject({ code: 0 });
});

/** As an editor does it, without asking the system. */
test("money is counted, and a call that may not fit into the day's budget is not made", async () => {
  const dear = { model: "dear", prices: { dear: { inputPerMTok: 1, outputPerMTok: 1 } } };
  await settle({ ...dear, budgets: { dayUsd: 5 } }, 5);
  expect((await system.send("look")).answer.status).toBe("done");
  const { spentTodayUsd } = await readStatus();
  expect(spentTodayUsd).toBeGreaterThan(0);
  await settle({ ...dear, budgets: { dayUsd: 0.001 } }, 0.001);
  const asked = model.requests.length;
  const { answer } = await system.send("look again");
  expect(answer).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
  expect(answer.error?.message).toContain("day");
  expect(model.requests.length).toBe(asked);
  expect((await readStatus()).spentTodayUsd).toBe(spentTodayUsd);
});

test("at four fifths of a budget the owner is warned once, at the whole of it the session stops", async () => {
  const dear = { model: "dear", prices: { dear: { inputPerMTok: 1, outputPerMTok: 0 } } };
  const tenCents = costing(100_000, text("Looked."));
  model.play([tenCents]);
  await settle({ ...dear, budgets: { sessionUsd: 0.125, dayUsd: 6 } }, 6);
  const first = await system.send("look");
  expect(await readNotices(first)).toEqual(["$0.10 of the session's $0.125 are spent"]);
  const second = await system.send("look again", first.session);
  expect([second.answer.status, await readNotices(second)]).toEqual(["done", []]);
  const asked = model.requests.length;
  const third = await system.send("and again", first.session);
  expect(third.answer).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
  expect(third.answer.error?.message).toContain("session");
  expect(model.requests.length).toBe(asked);

  await settle({ ...dear, budgets: { turnUsd: 0.125, dayUsd: 7 } }, 7);
  model.play([costing(100_000, toolUse({ name: "list_files", input: { path: "" } })), tenCents]);
  expect(await readNotices(await system.send("look"))).toEqual(["$0.10 of the turn's $0.125 are spent"]);

  const dayUsd = ((await readStatus()).spentTodayUsd + 0.05) / 0.8;
  await settle({ ...dear, budgets: { dayUsd } }, dayUsd);
  model.play([tenCents]);
  expect(await readNotices(await system.send("look"))).toEqual([expect.stringContaining("of the day's")]);
});

/** What the owner was told beside an answer. */
async function readNotices({ session, turn }: FinishedTurn): Promise<string[]> {
  using watcher = await watchSession(system, session);
  await watcher.until((event) => isFinished(event) && event.turn === turn);
  return watcher.events.flatMap((event) => (event.type === "notice" && event.turn === turn ? [event.message] : []));
}

/** Writes settings as the owner's editor would, and waits until they are in force. */
async function settle(settings: object, dayBudgetUsd: number): Promise<void> {
  edit(JSON.stringify(settings));
  await eventually(async () => (await readStatus()).dayBudgetUsd === dayBudgetUsd, { withinMs: 10_000 });
}

function edit(content: string): void {
  writeFileSync(join(system.home, CONFIG_FILE_PATH), content);
}

async function readStatus(): Promise<Status> {
  const response = await system.fetch(readStatusRoute.path);
  if (readStatusRoute.reply === undefined) throw new TypeError("the route has no reply");
  return readStatusRoute.reply.parse(await response.json());
}
