import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stopSessionRoute } from "@matrix-os/contracts/api/session";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";
import { type ScriptedAnswer, hang, text, toolUse } from "@matrix-os/testkit/messages/answers";
import { eventually } from "@matrix-os/testkit/eventually";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readQuestion, readResults } from "./parts/model-requests.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";

const PROMPT_TOKENS = 9_000;
const CHARS_PER_TOKEN = 3;
const FACTS = "# Facts to keep word for word";

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model, { MATRIX_PROMPT_LIMIT: String(PROMPT_TOKENS) }));
});

beforeEach(() => {
  model.requests.length = 0;
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

const isSummaryQuestion = (request: MessagesRequest): boolean => readQuestion(request).includes(FACTS);

/** Copies the facts it was told to keep; its first try in each compaction forgets one. */
function summarise(request: MessagesRequest): ScriptedAnswer {
  const question = readQuestion(request);
  const list = /# Facts to keep word for word\n((?:- .*\n?)*)/.exec(question)?.[1] ?? "";
  const isSecondTry = question.includes("# Your last try lost these");
  return text(`A summary.\n${isSecondTry ? list : list.split("\n").slice(1).join("\n")}`);
}

test("twenty planted facts survive three compactions, whose first summaries lost one; the whole stays on disk", async () => {
  const facts = Array.from({ length: 20 }, (_, n) => `code-${n}-${1_000 + n * 37}`);
  model.play((request) => {
    if (isSummaryQuestion(request)) return summarise(request);
    return readResults(request).length > 0
      ? text("noted. ".repeat(60))
      : toolUse({ name: "list_files", input: { path: "" } });
  });
  const { session } = await system.send(`remember the first, ${facts[0]}`);
  const compactions = () =>
    model.requests.filter(({ body }) => readQuestion(body).includes("# Your last try lost these"));
  for (let n = 1; n < 20 || compactions().length < 3; n += 1) {
    expect(n).toBeLessThan(60);
    await system.send(`remember number ${n}, ${facts[n] ?? "or not"} ${"and so on ".repeat(20)}`, session);
  }
  await system.send("what do you know?", session);
  const last = JSON.stringify(model.requests.at(-1)?.body.messages);
  expect(facts.filter((fact) => !last.includes(fact))).toEqual([]);
  const tooLong = model.requests.filter(({ body }) => sizeOf(body) > PROMPT_TOKENS * CHARS_PER_TOKEN);
  expect(tooLong).toEqual([]);
  const folder = join(system.home, "system/sessions", session);
  expect(existsSync(join(folder, "summary.json"))).toBe(true);
  const transcript = readFileSync(join(folder, "transcript.jsonl"), "utf8");
  expect(facts.filter((fact) => !transcript.includes(fact))).toEqual([]);

  await system.restart();
  await system.send("and after a restart?", session);
  const after = JSON.stringify(model.requests.at(-1)?.body.messages);
  expect(facts.filter((fact) => !after.includes(fact))).toEqual([]);
});

test("a stop while earlier turns are being summarised ends the turn, keeps no summary, and the next turn makes one", async () => {
  model.play((request) => (isSummaryQuestion(request) ? hang : text("noted. ".repeat(150))));
  const { session } = await system.send(`a long story ${"and so on ".repeat(100)}`);
  const summary = join(system.home, "system/sessions", session, "summary.json");
  const isSummarising = () => model.requests.some(({ body }) => isSummaryQuestion(body));
  let last = await system.accept("go on", session);
  for (let n = 0; n < 20; n += 1) {
    const ended = await Promise.race([system.untilFinished(last), eventually(isSummarising, { withinMs: 30_000 })]);
    if (typeof ended === "boolean") break;
    last = await system.accept(`more ${"and so on ".repeat(100)}`, session);
  }
  await system.fetch(toRouteUrl(stopSessionRoute, { params: { session } }), { method: "POST" });
  expect((await system.untilFinished(last)).answer.status).toBe("stopped");
  expect(existsSync(summary)).toBe(false);
  model.play((request) => (isSummaryQuestion(request) ? summarise(request) : text("Gladly.")));
  expect((await system.send("and now?", session)).answer).toMatchObject({ status: "done", text: "Gladly." });
  expect(existsSync(summary)).toBe(true);
});

test("one long turn is shortened in its old results, each beside its call, and goes on", async () => {
  const content = `The beginning. ${"filler text ".repeat(250)} The seat is B-2217. ${"more filler ".repeat(250)}`;
  let step = 0;
  model.play(() => {
    step += 1;
    if (step === 1) return toolUse({ name: "write_file", input: { path: "long/a.md", content } });
    return step < 9 ? toolUse({ name: "read_file", input: { path: "long/a.md" } }) : text("Read.");
  });
  const { answer } = await system.send("read it eight times");
  expect(answer).toMatchObject({ status: "done", text: "Read." });
  for (const { body } of model.requests) expect(sizeOf(body)).toBeLessThanOrEqual(PROMPT_TOKENS * CHARS_PER_TOKEN);
  const { messages } = model.requests.at(-1)?.body ?? { messages: [] };
  expect(messages).toHaveLength(17);
  expect(JSON.stringify(messages[4])).toMatch(/shortened.*B-2217/);
});

test("a request that can't be brought under the limit is refused visibly and never made", async () => {
  model.play([text("too much")]);
  const { answer } = await system.send("a long word ".repeat(2_600));
  expect(answer).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
  expect(answer.error?.message).toContain("9000");
  expect(model.requests).toHaveLength(0);
});

/** Characters of the parts that count. */
function sizeOf(body: MessagesRequest): number {
  return JSON.stringify([body.system ?? [], body.tools ?? [], body.messages]).length;
}
