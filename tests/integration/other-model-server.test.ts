import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { retrySessionRoute, stopSessionRoute } from "@matrix-os/contracts/api/session";
import { readStatusRoute } from "@matrix-os/contracts/api/status";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import {
  type ScriptedAnswer,
  cutAt,
  gated,
  overloaded,
  overloadedMidStream,
  pingsForEver,
  rateLimited,
  refused,
  says,
  text,
  toolUse,
} from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readResults } from "./parts/model-requests.ts";
import { type Relay, startRelay } from "./parts/relay.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";
import { isFinished, watchSession } from "./parts/watch-session.ts";

// The promise is a second, which the bench measures; here the machine may be busy.
const SOON_MS = 5_000;

let model: MessagesServer;
let relay: Relay;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  relay = await startRelay(model.url);
  system = await startHere(
    toModelEnv(relay, {
      MATRIX_MODEL_ATTEMPTS: "3",
      MATRIX_MODEL_SILENCE_MS: "2000",
    }),
  );
});

beforeEach(() => {
  model.requests.length = 0;
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await relay[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

const refusal = endedBy("refusal", "I won't.");
const silence: ScriptedAnswer = { do: "answer", blocks: [], stopReason: "end_turn" };
const never = new Promise<void>(() => undefined);
const write = (path: string, content = path) => ({ name: "write_file", input: { path, content } });

test("a server that knows only x-api-key and one that knows only bearer tokens are both served", async () => {
  model.play([text("Hello.")]);
  const { answer } = await system.send("hello");
  expect(answer).toMatchObject({ status: "done", text: "Hello." });
  expect(model.requests[0]?.headers).toMatchObject({ "x-api-key": "key", authorization: "Bearer key" });
});

test("overloaded before and in the middle of its answer, the model is asked again, visibly", async () => {
  model.play([overloaded, overloadedMidStream(2, "Half ", "of ", "it"), text("The whole.")]);
  const accepted = await system.accept("say it");
  using watcher = await watchSession(system, accepted.session);
  expect(await watcher.until(isFinished)).toMatchObject({ status: "done", text: "The whole." });
  const retries = watcher.events.flatMap((event) =>
    event.type === "retry" ? [[event.attempt, event.error.code]] : [],
  );
  expect(retries).toEqual([
    [1, "model-overloaded"],
    [2, "model-overloaded"],
  ]);
});

test("an answer whose connection breaks in the middle of a tool call is asked for again, and the tool runs once", async () => {
  const call = toolUse({ ...write("cut/once.md"), pieces: 10 });
  model.play([cutAt(900, call), call, text("Written.")]);
  const { answer } = await system.send("write it");
  expect(answer).toMatchObject({ status: "done", text: "Written." });
  expect(answer.steps).toHaveLength(1);
  expect(model.requests).toHaveLength(3);
});

test("a rate limit that names its time is waited for", async () => {
  model.play([rateLimited(1), text("Now.")]);
  const { answer } = await system.send("quick");
  expect(answer).toMatchObject({ status: "done", text: "Now." });
  const [first, second] = model.requests.map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_000);
});

test.each([
  ["a spent limit", rateLimited(), "model-limit"],
  ["a limit that lasts an hour", rateLimited(3_600), "model-overloaded"],
  ["a refused request", refused(400, "invalid_request_error"), "model-refused"],
  ["a refused key", refused(401, "authentication_error"), "model-refused"],
])("%s fails the turn at once, visibly, without another try", async (_what, answerOfModel, code) => {
  model.play([answerOfModel]);
  const { answer } = await system.send("please");
  expect(answer).toMatchObject({ status: "failed", error: { code } });
  expect(model.requests).toHaveLength(1);
});

test("a spent limit of the account is told to the owner until the model answers again", async () => {
  model.play([rateLimited()]);
  await system.send("please");
  const readProblems = async () => JSON.stringify(await (await system.fetch(readStatusRoute.path)).json());
  expect(await readProblems()).toContain("limit is reached");
  model.play([text("Hello.")]);
  await system.send("again");
  expect(await readProblems()).not.toContain("limit is reached");
});

test.each([500, 502, 503])("a %d is asked again", async (status) => {
  model.play([refused(status, "api_error"), text("Here.")]);
  expect((await system.send("please")).answer).toMatchObject({ status: "done", text: "Here." });
});

test("a server that stays overloaded is asked as often as the settings say", async () => {
  model.play([overloaded]);
  const { answer } = await system.send("please");
  expect(answer).toMatchObject({ status: "failed", error: { code: "model-overloaded" } });
  expect(model.requests).toHaveLength(3);
  model.play([text("Here.")]);
  await system.send("thanks");
});

test.each([
  ["a page", says("text/html", "<h1>Please log in</h1>"), "model-garbled"],
  ["events that are no JSON", says("text/event-stream", "event: message_start\ndata: {oops\n\n"), "model-garbled"],
  [
    "events out of order",
    says("text/event-stream", 'event: message_delta\ndata: {"type":"message_delta","delta":{}}\n\n'),
    "model-garbled",
  ],
  ["pings for ever", pingsForEver, "model-unreachable"],
])(
  "a server that answers with %s fails the turn visibly after its tries, and the session goes on",
  async (_what, odd, code) => {
    model.play([odd]);
    const { answer, session } = await system.send("please");
    expect(answer).toMatchObject({ status: "failed", error: { code } });
    expect(model.requests).toHaveLength(3);
    model.play([text("Here.")]);
    expect((await system.send("and now?", session)).answer).toMatchObject({ status: "done", text: "Here." });
  },
);

test("two hundred calls in one answer are all made", async () => {
  model.play([
    toolUse(...Array.from({ length: 200 }, () => ({ name: "list_files", input: { path: "" } }))),
    text("Much."),
  ]);
  const { answer } = await system.send("look everywhere");
  expect(answer).toMatchObject({ status: "done", text: "Much." });
  expect(readResults(lastRequest()).filter(({ isError }) => !isError)).toHaveLength(200);
});

test("what a broken call used is counted", async () => {
  model.play([overloadedMidStream(2, "Half ", "of ", "it"), text("The whole.")]);
  const { session } = await system.send("say it");
  const lines = readFileSync(join(system.home, `system/sessions/${session}/transcript.jsonl`), "utf8")
    .trim()
    .split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ role: "assistant", usage: { inputTokens: 20 } });
});

test("tool arguments that come in a thousand pieces arrive whole", async () => {
  const content = 'ä\n"quoted" \\ 👩‍👩‍👧 '.repeat(200);
  model.play([toolUse({ ...write("slow/long.md", content), pieces: 1_000 }), text("Done.")]);
  await system.send("write slowly");
  expect(readFileSync(join(system.home, "slow/long.md"), "utf8")).toBe(content);
});

test("parallel calls are all answered in the next message, also those that fail", async () => {
  model.play([
    toolUse(
      { ...write("parallel/a.md"), id: "call_a" },
      { name: "read_file", input: { path: "nowhere.md" }, id: "call_b" },
      { name: "no_such_tool", input: {}, id: "call_c" },
      { name: "write_file", input: { path: "../outside.md", content: "x" }, id: "call_d" },
      { name: "write_file", input: { content: "no path" }, id: "call_e" },
      { name: "list_files", input: { path: "" }, id: "call_f" },
    ),
    text("Some worked."),
  ]);
  const { answer } = await system.send("do all that");
  expect(answer).toMatchObject({ status: "done", text: "Some worked." });
  const results = readResults(model.requests[1]?.body ?? { messages: [], model: "", max_tokens: 0, stream: false });
  expect(results.map(({ id, isError }) => [id, isError])).toEqual([
    ["call_a", false],
    ["call_b", true],
    ["call_c", true],
    ["call_d", true],
    ["call_e", true],
    ["call_f", false],
  ]);
  expect(results[2]?.text).toContain("no_such_tool");
  expect(results[4]?.text).toContain("path");
});

test("a call that the output limit cut off is not run, and the model is told", async () => {
  model.play([cutOff('{"path":"cut/off.md","content":"half of'), text("I was cut off.")]);
  const { answer } = await system.send("write a novel");
  expect(answer).toMatchObject({ status: "done", text: "I was cut off." });
  expect(existsSync(join(system.home, "cut/off.md"))).toBe(false);
  expect(readResults(lastRequest())[0]).toMatchObject({ isError: true, text: expect.stringContaining("not run") });
});

test("arguments that are no JSON never reach a tool", async () => {
  const broken = { ...cutOff('{"path": "bad/json.md", "content": oops}'), stopReason: "tool_use" };
  model.play([broken, text("Sorry.")]);
  const { answer } = await system.send("write nonsense");
  expect(["done", "failed"]).toContain(answer.status);
  expect(existsSync(join(system.home, "bad/json.md"))).toBe(false);
});

test.each([
  ["refuses", refusal],
  ["says nothing", silence],
  ["says only blanks", text(" \n ")],
])("a model that %s fails the turn visibly, and the session goes on", async (_what, answerOfModel) => {
  model.play([answerOfModel]);
  const { answer, session } = await system.send("please");
  expect(answer).toMatchObject({ status: "failed", error: { code: "model-refused" } });
  model.play([text("Gladly.")]);
  const next = await system.send("and now?", session);
  expect(next.answer).toMatchObject({ status: "done", text: "Gladly." });
});

test("a model that pauses its turn is let go on", async () => {
  model.play([endedBy("pause_turn", "One. "), text("Two.")]);
  const { answer } = await system.send("count");
  expect(answer).toMatchObject({ status: "done", text: "Two." });
});

test("a server that can't be reached is a visible failure, and a retry succeeds when it is back", async () => {
  model.play([text("Back again.")]);
  await relay.down();
  const { answer, session } = await system.send("are you there?");
  expect(answer).toMatchObject({ status: "failed", error: { code: "model-unreachable" } });
  await relay.up();
  const response = await system.fetch(toRouteUrl(retrySessionRoute, { params: { session } }), { method: "POST" });
  expect(response.status).toBe(202);
  const accepted = retrySessionRoute.reply?.parse(await response.json());
  const retried = await system.untilFinished({ session, turn: accepted?.message ?? "" });
  expect(retried.answer).toMatchObject({ status: "done", text: "Back again." });
});

test("a stop in the middle of the answer keeps what was said, at once", async () => {
  model.play([gated(text("So far ", "and no further"), (piece) => (piece === 0 ? Promise.resolve() : never))]);
  const accepted = await system.accept("talk");
  using watcher = await watchSession(system, accepted.session);
  await watcher.untilText((seen) => seen.startsWith("So far"));
  const askedAt = performance.now();
  const stop = await stopSession(accepted.session);
  expect(await stop.json()).toEqual({ turns: [accepted.turn] });
  const end = await watcher.until(isFinished);
  expect(performance.now() - askedAt).toBeLessThan(SOON_MS);
  expect(end).toMatchObject({ status: "stopped", text: "So far " });
  model.play([text("On we go.")]);
  expect((await system.send("go on", accepted.session)).answer.text).toBe("On we go.");
});

test("a stop between tools lets the running one finish and runs no other", async () => {
  const calls = Array.from({ length: 60 }, (_, number) => write(`stopped/${number}.md`));
  model.play([toolUse(...calls), text("never said")]);
  const accepted = await system.accept("write sixty files");
  using watcher = await watchSession(system, accepted.session);
  await watcher.until((event) => event.type === "step" && event.label === "stopped/1.md");
  await stopSession(accepted.session);
  expect(await watcher.until(isFinished)).toMatchObject({ status: "stopped" });
  expect(existsSync(join(system.home, "stopped/59.md"))).toBe(false);
  model.play([text("Understood.")]);
  expect((await system.send("good", accepted.session)).answer.text).toBe("Understood.");
});

test("a model that never stops calling tools is stopped at 50 steps", async () => {
  model.play(() => toolUse({ name: "list_files", input: { path: "" } }));
  const { answer } = await system.send("look around");
  expect(answer).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
  expect(model.requests).toHaveLength(50);
});

test("more calls than a turn may make are refused, and the model is told", async () => {
  const calls = Array.from({ length: 201 }, () => ({ name: "list_files", input: { path: "" } }));
  model.play([toolUse(...calls), text("Too many.")]);
  const { answer } = await system.send("look everywhere");
  expect(answer).toMatchObject({ status: "done", text: "Too many." });
  expect(readResults(lastRequest()).filter(({ isError }) => isError)).toHaveLength(201);
});

function lastRequest(): MessagesServer["requests"][number]["body"] {
  const last = model.requests.at(-1);
  if (last === undefined) throw new Error("the model was not asked");
  return last.body;
}

function endedBy(stopReason: string, ...pieces: string[]): ScriptedAnswer {
  return { do: "answer", blocks: [{ type: "text", pieces }], stopReason };
}

function cutOff(json: string): Extract<ScriptedAnswer, { do: "answer" }> {
  return {
    do: "answer",
    blocks: [{ type: "tool_use", id: `toolu_cut_${json.length}`, name: "write_file", pieces: [json] }],
    stopReason: "max_tokens",
  };
}

function stopSession(session: string): Promise<Response> {
  return system.fetch(toRouteUrl(stopSessionRoute, { params: { session } }), { method: "POST" });
}
