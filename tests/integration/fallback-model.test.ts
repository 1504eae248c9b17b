import { readFileSync } from "node:fs";
import { join } from "node:path";
import { overloaded, text } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { FinishedTurn, TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHere, toModelEnv } from "./parts/start-here.ts";

const FALLBACK = "spare-1";

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model, { MATRIX_MODEL: "first-1", MATRIX_FALLBACK_MODEL: FALLBACK }));
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

test("a failing model is replaced after two tries of a step, then left alone, and the journal says who was asked", async () => {
  model.play((request) => (request.model === FALLBACK ? text("I stand in.") : overloaded));
  const asked = async (): Promise<readonly string[]> => {
    const before = model.requests.length;
    const turn = await system.send("please");
    expect(turn.answer).toMatchObject({ status: "done", text: "I stand in." });
    expect(readJournal(turn)).toMatch(/"kind":"model.request",[^}]*"model":"spare-1"/);
    return model.requests.slice(before).map(({ body }) => body.model);
  };
  expect(await asked()).toEqual(["first-1", "first-1", FALLBACK]);
  expect(await asked()).toEqual(["first-1", "first-1", FALLBACK]);
  expect(await asked()).toEqual(["first-1", FALLBACK]);
  expect(await asked()).toEqual([FALLBACK]);
});

function readJournal({ session, turn }: FinishedTurn): string {
  return readFileSync(join(system.home, `system/sessions/${session}/turns/${turn}.jsonl`), "utf8");
}
