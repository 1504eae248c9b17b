import { expect, test } from "vitest";
import {
  acceptMessages,
  postedTo,
  type EventStream,
  sendJson,
  session,
  startFakeGateway,
  turn,
} from "./fake-gateway.ts";
import { runCli, startCli } from "./run-cli.ts";

type Response = Parameters<typeof sendJson>[0];

test("a conversation keeps its session, and each turn is followed from the end of the one before", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream, count) => stream.finish(`${count + 1}.3`, { text: `answer ${count + 1}` }));
  const { code, stdout } = await runCli(["chat"], { url: gateway.url, input: "one\n\ntwo\n/new\nthree\n" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "answer 1\nanswer 2\nanswer 3\n" });
  const posts = postedTo(gateway);
  expect(posts.map((post) => [post["text"], post["session"]])).toEqual([
    ["one", undefined],
    ["two", session],
    ["three", undefined],
  ]);
  const watches = gateway.received.filter(({ route }) => route.endsWith("/events"));
  expect(watches.map(({ headers }) => headers["last-event-id"])).toEqual(["0.0", "1.3", "0.0"]);
});

test("a failed turn is told and the conversation goes on", async () => {
  await using gateway = await startFakeGateway();
  const error = { kind: "rejected", code: "budget-spent", message: "50 steps" };
  acceptMessages(gateway, (stream, count) =>
    stream.finish(`${count + 1}.3`, count === 0 ? { status: "failed", error } : { text: "fine" }),
  );
  gateway.on(`POST /api/v1/sessions/${session}/retry`, (response: Response) =>
    sendJson(response, { session, message: turn, duplicate: false }, 202),
  );
  const { code, stdout, stderr } = await runCli(["chat"], { url: gateway.url, input: "one\n/retry\n/nonsense\n" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "fine\n" });
  expect(stderr).toContain("budget is used up. (50 steps)\nTry again with: /retry\n");
  expect(stderr).toContain("There is no /nonsense.");
});

test("/sessions and /undo work inside a conversation", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/sessions", { sessions: [], more: false });
  gateway.on("POST /api/v1/undo", {
    entry: "c_1",
    summary: "a habit tracker",
    paths: [{ path: "apps/h/index.html", kind: "deleted" }],
    conflicts: [],
    seq: 5,
  });
  const { stdout } = await runCli(["chat"], { url: gateway.url, input: "/sessions\n/undo\n/quit\nnever sent\n" });
  expect(stdout).toContain("No sessions yet.");
  expect(stdout).toContain("Took back: a habit tracker\n  deleted apps/h/index.html\n");
  expect(gateway.received.some(({ route }) => route.includes("messages"))).toBe(false);
});

test("an interrupt during a turn stops the turn, not the program", async () => {
  await using gateway = await startFakeGateway();
  let running: EventStream | undefined;
  acceptMessages(gateway, (stream, count) => {
    running = stream;
    if (count === 0) stream.event("1.2", { type: "text", step: 1, text: "Working." });
    else stream.finish("2.2", { text: "here again" });
  });
  gateway.on(`POST /api/v1/sessions/${session}/stop`, (response: Response) => {
    sendJson(response, { turns: [turn] });
    running?.finish("1.4", { status: "stopped" });
  });
  const cli = startCli(["chat"], { url: gateway.url, open: true });
  cli.type("one\n");
  await cli.prints("Working.");
  cli.child.kill("SIGINT");
  await cli.prints("(stopped)");
  cli.type("two\n");
  await cli.prints("here again");
  cli.child.stdin?.end();
  expect((await cli.done).code).toBe(0);
});

test("on a terminal: Ctrl-C stops a turn, Ctrl-C on an empty line leaves", async () => {
  await using gateway = await startFakeGateway();
  let running: EventStream | undefined;
  acceptMessages(gateway, (stream) => {
    running = stream;
    stream.event("1.2", {
      type: "step",
      call: "c",
      tool: "write_file",
      label: "a\u001b]0;evil\u0007.txt",
      state: "running",
    });
  });
  gateway.on(`POST /api/v1/sessions/${session}/stop`, (response: Response) => {
    sendJson(response, { turns: [turn] });
    running?.finish("1.4", { status: "stopped" });
  });
  const cli = startCli(["chat"], { url: gateway.url, open: true, terminal: true, env: { NO_COLOR: "1" } });
  await cli.prints("› ");
  cli.type("one\r");
  await cli.prints("✎ write_file a␛]0;evil␇.txt");
  cli.type("\u0003");
  await cli.prints("(stopped)");
  await cli.prints("› ", 2);
  cli.type("half a line\u0003");
  cli.type("\u0003");
  const { code, stdout } = await cli.done;
  expect(code).toBe(0);
  expect(stdout).not.toContain("\u001b]0;evil");
});

test("on a terminal: pasted lines are one message", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => stream.finish("1.2", { text: "got it" }));
  const cli = startCli(["chat"], { url: gateway.url, open: true, terminal: true });
  await cli.prints("› ");
  cli.type("first\rsecond\r");
  await cli.prints("got it");
  await cli.prints("› ", 2);
  cli.type("\u0004");
  expect((await cli.done).code).toBe(0);
  expect(JSON.parse(gateway.received[0]?.body ?? "").text).toBe("first\nsecond");
});
