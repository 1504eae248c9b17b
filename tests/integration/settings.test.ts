import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Status, readStatusRoute } from "@matrix-os/contracts/api/status";
import { CONFIG_FILE_PATH } from "@matrix-os/contracts/home/config-file";
import { eventually } from "@matrix-os/testkit/eventually";
import { text, toolUse } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runMatrixos } from "./parts/run-program.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";

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
