import { expect, test } from "vitest";
import {
  acceptMessages,
  postedTo,
  at,
  sendJson,
  sendProblem,
  session,
  startFakeGateway,
  turn,
} from "./fake-gateway.ts";
import { fieldsOf, runCli, startCli } from "./run-cli.ts";

test("send shows steps and text as they come and ends with the final text", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    stream.event("1.2", { type: "message", id: `${turn}.user`, role: "user", text: "a habit tracker" });
    stream.delta(1, 0, "I'll ");
    stream.delta(1, 1, "build it.");
    stream.event("1.4", { type: "text", step: 1, text: "I'll build it." });
    stream.event("1.5", {
      type: "step",
      call: "c1",
      tool: "write_file",
      label: "apps/habits/index.html",
      state: "running",
    });
    stream.event("1.6", {
      type: "step",
      call: "c1",
      tool: "write_file",
      label: "apps/habits/index.html",
      state: "done",
    });
    stream.event("1.8", { type: "text", step: 2, text: "It is in apps/habits." });
    stream.finish("1.9", { text: "It is in apps/habits." });
  });
  const { code, stdout, stderr } = await runCli(["send", "a", "habit", "tracker"], { url: gateway.url });
  expect(stdout).toBe("I'll build it.\n  write_file apps/habits/index.html\nIt is in apps/habits.\n");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [post, watch] = gateway.received;
  expect(JSON.parse(post?.body ?? "")).toEqual({ text: "a habit tracker", idempotencyKey: expect.any(String) });
  expect(post?.headers.authorization).toBe("Bearer secret");
  expect(watch?.headers["last-event-id"]).toBe("0.0");
});

test("a stream that breaks and a server that restarts are resumed without a repeated or lost word", async () => {
  const first = await startFakeGateway();
  acceptMessages(first, (stream) => {
    stream.delta(1, 0, "One two");
    stream.event("1.4", { type: "text", step: 1, text: "One two." });
    stream.delta(2, 0, "Three ");
    setTimeout(stream.drop, 50);
  });
  const cli = startCli(["send", "count"], { url: first.url });
  await cli.prints("Three");
  await first[Symbol.asyncDispose]();
  await cli.prints("reconnecting…");
  await using second = await startFakeGateway(first.port);
  acceptMessages(second, (stream, count) => {
    if (count === 0) {
      stream.event("1.4", { type: "text", step: 1, text: "One two." });
      stream.delta(2, 1, "four");
      return stream.end();
    }
    stream.event("1.6", { type: "text", step: 2, text: "Three four." });
    stream.finish("1.7", { text: "Three four." });
  });
  const { code, stdout, stderr } = await cli.done;
  expect(stdout).toBe("One two.\nThree four.\n");
  expect(code).toBe(0);
  expect(stderr.match(/reconnecting/g)?.length).toBe(2);
  expect(second.received.map(({ headers }) => headers["last-event-id"])).toEqual(["1.4", "1.4"]);
});

test("an answer that starts over says so, one that is told again from its start does not", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    stream.delta(1, 0, "Hello ");
    stream.delta(1, 0, "Hello ");
    stream.delta(1, 1, "you");
    stream.event("1.3", {
      type: "retry",
      attempt: 1,
      error: { kind: "unavailable", code: "model-overloaded", message: "529" },
    });
    stream.delta(1, 0, "Good day");
    stream.event("1.5", { type: "text", step: 1, text: "Good day." });
    stream.finish("1.6", { text: "Good day." });
  });
  const { stdout } = await runCli(["send", "hi"], { url: gateway.url });
  expect(stdout).toBe("Hello you\n  the model call failed: 529\n(the answer starts over)\nGood day.\n");
});

test("a message is posted again with the same key when the connection breaks on the way", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => stream.finish("1.2", { text: "yes" }));
  gateway.on("POST /api/v1/messages", (response: Parameters<typeof sendJson>[0], _received: unknown, count: number) =>
    count === 0 ? response.destroy() : sendJson(response, { session, message: turn, duplicate: false }, 202),
  );
  const { code, stdout } = await runCli(["send", "--idempotency-key", "k1", "hi"], { url: gateway.url });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "yes\n" });
  const keys = postedTo(gateway).map((post) => post["idempotencyKey"]);
  expect(keys).toEqual(["k1", "k1"]);
});

test("a failed turn is told with the way to try again, exit code 1", async () => {
  await using gateway = await startFakeGateway();
  const error = { kind: "unavailable", code: "model-unreachable", message: "connect ECONNREFUSED" };
  acceptMessages(gateway, (stream) => stream.finish("1.3", { status: "failed", error }));
  const plain = await runCli(["send", "hi"], { url: gateway.url });
  expect(plain.stderr).toBe(
    "The model's server can't be reached. (connect ECONNREFUSED)\nTry again with: matrixos retry s_1\n",
  );
  expect(plain.code).toBe(1);
  const json = await runCli(["send", "hi", "--json"], { url: gateway.url });
  expect(JSON.parse(json.stderr)).toMatchObject({ code: "model-unreachable", title: "The turn failed" });
  expect(fieldsOf(json.stdout, "type")).toEqual(["accepted", "finished"]);
});

test("Ctrl-C stops the turn, exit code 130; a second one leaves at once", async () => {
  await using gateway = await startFakeGateway();
  let stop = (): void => undefined;
  acceptMessages(gateway, (stream) => {
    stream.event("1.3", { type: "text", step: 1, text: "Working." });
    stop = () => stream.finish("1.4", { status: "stopped" });
  });
  gateway.on(`POST /api/v1/sessions/${session}/stop`, (response: Parameters<typeof sendJson>[0]) => {
    sendJson(response, { turns: [turn] });
    stop();
  });
  const cli = startCli(["send", "work"], { url: gateway.url });
  await cli.prints("Working.");
  cli.child.kill("SIGINT");
  expect((await cli.done).code).toBe(130);

  stop = () => undefined;
  acceptMessages(gateway, (stream) => stream.event("1.3", { type: "text", step: 1, text: "Endless." }));
  const endless = startCli(["send", "work"], { url: gateway.url });
  await endless.prints("Endless.");
  endless.child.kill("SIGINT");
  await endless.prints("stopping…");
  endless.child.kill("SIGINT");
  expect((await endless.done).code).toBe(130);
});

test("a duplicate whose turn is over shows its answer without waiting", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("POST /api/v1/messages", (response: Parameters<typeof sendJson>[0]) =>
    sendJson(response, { session, message: turn, duplicate: true }, 202),
  );
  const message = {
    id: `${turn}.assistant`,
    turn,
    role: "assistant",
    text: "Long done.",
    steps: [],
    at,
    status: "done",
  };
  gateway.on(`GET /api/v1/sessions/${session}`, {
    id: session,
    title: "t",
    state: "idle",
    messages: [message],
    from: 0,
    total: 1,
    cursor: "1.9",
  });
  const { code, stdout } = await runCli(["send", "hi", "--idempotency-key", "k"], { url: gateway.url });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "Long done.\n" });
});

test("in a session that goes on, events are followed from where it stood; other turns are not shown", async () => {
  await using gateway = await startFakeGateway();
  gateway.on(`GET /api/v1/sessions/${session}`, {
    id: session,
    title: "t",
    state: "idle",
    messages: [],
    from: 4,
    total: 4,
    cursor: "2.9",
  });
  acceptMessages(gateway, (stream) => {
    stream.event("3.2", { type: "text", step: 1, text: "somebody else's", turn: "t_0" });
    stream.finish("3.3", { text: "somebody else's", turn: "t_0" });
    stream.finish("4.3", { text: "mine" });
  });
  const { stdout } = await runCli(["send", "--session", session, "hi"], { url: gateway.url });
  expect(stdout).toBe("mine\n");
  expect(gateway.received.at(-1)?.headers["last-event-id"]).toBe("2.9");
});

test("--continue goes on with the session that changed last", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/sessions", { sessions: [], more: false });
  const none = await runCli(["send", "-c", "hi"], { url: gateway.url });
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("There is no session to go on with.") });
  const last = {
    id: session,
    title: "t",
    state: "idle",
    channel: "web",
    createdAt: at,
    updatedAt: at,
    messageCount: 2,
  };
  gateway.on("GET /api/v1/sessions", { sessions: [last], more: true });
  const read = { id: session, title: "t", state: "idle", messages: [], from: 2, total: 2, cursor: "2.9" };
  gateway.on(`GET /api/v1/sessions/${session}`, read);
  acceptMessages(gateway, (stream) => stream.finish("3.3", { text: "again" }));
  expect((await runCli(["send", "-c", "hi"], { url: gateway.url })).stdout).toBe("again\n");
  expect(postedTo(gateway).at(-1)).toMatchObject({ text: "hi", session });
});

test("--quiet prints only the final text, --no-wait only hands in, - reads standard input exactly", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    stream.event("1.4", { type: "text", step: 1, text: "Hm." });
    stream.finish("1.5", { text: "42" });
  });
  expect((await runCli(["send", "hi", "--quiet"], { url: gateway.url })).stdout).toBe("42\n");
  const handed = await runCli(["send", "hi", "--no-wait", "--json"], { url: gateway.url });
  expect(JSON.parse(handed.stdout)).toEqual({ type: "accepted", session, message: turn, duplicate: false });
  await runCli(["send", "-", "--no-wait"], { url: gateway.url, input: "  two\nlines «é» 𝒳\n" });
  expect(JSON.parse(gateway.received.at(-1)?.body ?? "").text).toBe("  two\nlines «é» 𝒳\n");
});

test("retry follows the new turn; a session that can't be retried is told", async () => {
  await using gateway = await startFakeGateway();
  gateway.on(`GET /api/v1/sessions/${session}`, {
    id: session,
    title: "t",
    state: "failed",
    messages: [],
    from: 0,
    total: 2,
    cursor: "1.9",
  });
  acceptMessages(gateway, (stream) => stream.finish("2.3", { text: "now it works" }));
  gateway.on(`POST /api/v1/sessions/${session}/retry`, (response: Parameters<typeof sendJson>[0]) =>
    sendJson(response, { session, message: turn, duplicate: false }, 202),
  );
  expect((await runCli(["retry", session], { url: gateway.url })).stdout).toBe("now it works\n");
  gateway.on(`POST /api/v1/sessions/${session}/retry`, (response: Parameters<typeof sendJson>[0]) =>
    sendProblem(response, 409, { code: "conflict", detail: "the last turn of this session did not fail" }),
  );
  const refused = await runCli(["retry", session], { url: gateway.url });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("the last turn of this session did not fail.");
});
