import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  acceptMessages,
  at,
  type FakeGateway,
  sendJson,
  sendProblem,
  session,
  startFakeGateway,
  turn,
} from "./fake-gateway.ts";
import { fieldsOf, runCli } from "./run-cli.ts";

type Response = Parameters<typeof sendJson>[0];

const summary = {
  id: session,
  title: "evil\u001b[2J",
  state: "failed",
  channel: "web",
  createdAt: at,
  updatedAt: at,
  messageCount: 2,
};
const message = { id: "1", turn, role: "user", text: "hi", steps: [], at, status: "queued" };
const read = {
  id: session,
  title: "t",
  state: "idle",
  messages: [message, { ...message, role: "assistant", text: "", status: "stopped" }],
  from: 4,
  total: 6,
};

/** Runs a command on a terminal without colours; answers with its exit code and all it wrote. */
async function show(
  gateway: FakeGateway,
  ...words: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await runCli(words, { url: gateway.url, terminal: true, env: { NO_COLOR: "1" } });
  return { code, stdout, stderr };
}

test("lists tell how to see more, and names can't command the terminal", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/sessions", { sessions: [summary], more: true });
  const listed = await show(gateway, "sessions");
  expect(listed.stdout).toContain("failed  2 msg  evil␛[2J\n");
  expect(listed.stderr).toContain("matrixos sessions list --limit 200");
  const entry = { id: "c_1", at, origin: { actor: "owner" }, summary: "a", paths: [], pathCount: 1, state: "applied" };
  gateway.on("GET /api/v1/history", { entries: [entry], more: true });
  expect((await show(gateway, "history")).stderr).toContain("Older ones: matrixos history --before c_1");
  gateway.on("GET /api/v1/history", { entries: [], more: false });
  expect((await show(gateway, "history")).stdout).toBe("Nothing has changed yet.\n");
  gateway.on("GET /api/v1/files/", { entries: [], truncated: true });
  expect(await show(gateway, "files")).toMatchObject({
    stdout: "(empty)\n",
    stderr: expect.stringContaining("left out"),
  });
  gateway.on("GET /api/v1/logs", {
    lines: [{ time: "t", level: "error", msg: "m", err: { code: 1 } }],
    complete: false,
  });
  expect(await show(gateway, "logs")).toMatchObject({
    stdout: 't error - m err={"code":1}\n',
    stderr: expect.stringContaining("not searched"),
  });
  gateway.on("GET /api/v1/activity", { lines: [], verified: false });
  expect(await show(gateway, "activity")).toMatchObject({
    code: 1,
    stdout: "Nothing has happened yet.\n",
    stderr: expect.stringContaining("hash chain"),
  });
});

test("a session shows what waits and what was stopped, and where its beginning is", async () => {
  await using gateway = await startFakeGateway();
  gateway.on(`GET /api/v1/sessions/${session}`, read);
  const { stdout, stderr } = await show(gateway, "sessions", "show", session);
  expect(stdout).toMatch(/you .*\nhi\n\(queued\)\n\nmatrix .*\n\(stopped\)\n$/);
  expect(stderr).toContain("4 earlier messages: matrixos sessions show s_1 --from 0");
});

test("a text file is shown harmless and with a line end, a binary one is refused", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/files/a", (response: Response) => response.writeHead(200, { etag: '"x"' }).end("é\u001b[2J"));
  expect(await show(gateway, "files", "read", "a")).toMatchObject({ code: 0, stdout: "é␛[2J\n" });
  gateway.on("GET /api/v1/files/b", (response: Response) =>
    response.writeHead(200, { etag: '"x"' }).end(Buffer.from([65, 0, 66])),
  );
  expect(await show(gateway, "files", "read", "b")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--output FILE"),
  });
  expect(await show(gateway, "files", "read", "a", "--output", "/nowhere/a")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("can't be written"),
  });
});

test("a link tells how long it is good for; stop tells whether anything ran", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("POST /api/v1/links", { url: "http://127.0.0.1/x", expiresAt: at });
  expect(await show(gateway, "link")).toMatchObject({
    stdout: "http://127.0.0.1/x\n",
    stderr: expect.stringContaining("It opens once, until"),
  });
  gateway.on(`POST /api/v1/sessions/${session}/stop`, { turns: [] });
  expect((await show(gateway, "stop", session)).stdout).toBe("Nothing was running.\n");
  gateway.on(`POST /api/v1/sessions/${session}/stop`, { turns: [turn] });
  expect((await show(gateway, "stop", session)).stdout).toBe("Stopped.\n");
});

test("send shows that it waits, takes the word away again, and tells how to go on", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    stream.event("1.2", { type: "text", step: 1, text: "other", turn: "t_0" });
    stream.event("2.2", { type: "step", call: "c", tool: "read_file", label: "a", state: "running" });
    stream.finish("2.3", { text: "done" });
  });
  const { stdout, stderr } = await show(gateway, "send", "hi");
  expect(stdout).toBe(
    "thinking…\r\u001b[Kan earlier message is being answered first…\r\u001b[K  ▸ read_file a\nthinking…\r\u001b[Kdone\n",
  );
  expect(stderr).toBe("To go on: matrixos send --continue …\n");
});

test("a connection that breaks on a half line goes on below; a gateway that says «later» is asked again", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    stream.delta(1, 0, "Half");
    setTimeout(stream.drop, 20);
  });
  const running = show(gateway, "send", "hi");
  await expect.poll(() => gateway.received.length).toBe(2);
  gateway.on(`GET /api/v1/sessions/${session}/events`, (response: Response) => {
    sendProblem(response, 503, { code: "bus-down", detail: "not yet" });
    acceptMessages(gateway, (stream) => stream.finish("1.3", { text: "Half and whole" }));
  });
  const { code, stdout, stderr } = await running;
  expect(code).toBe(0);
  expect(stdout).toBe("thinking…\r\u001b[KHalf and whole\n");
  expect(stderr).toBe("\nreconnecting…\nTo go on: matrixos send --continue …\n");
});

test("a session that is gone when the stream is resumed ends the waiting", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => stream.end());
  const running = show(gateway, "send", "hi");
  await expect.poll(() => gateway.received.length).toBe(2);
  gateway.on(`GET /api/v1/sessions/${session}/events`, (response: Response) =>
    sendProblem(response, 404, { code: "not-found", detail: "no such session" }),
  );
  expect(await running).toMatchObject({ code: 1, stderr: expect.stringContaining("no such session.") });
});

test("an interrupt stops the turn; when that can't be done, it is told, and the next one leaves", async () => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    stream.event("1.2", { type: "text", step: 1, text: "on it" });
    process.emit("SIGINT");
    setTimeout(() => process.emit("SIGINT"), 100);
  });
  const left = await show(gateway, "send", "hi");
  expect(left.code).toBe(130);
  expect(left.stderr).toContain("It could not be stopped: ");
  let finish = (): void => undefined;
  acceptMessages(gateway, (stream) => {
    finish = () => stream.finish("1.4", { status: "stopped" });
    process.emit("SIGINT");
  });
  gateway.on(`POST /api/v1/sessions/${session}/stop`, (response: Response) => {
    sendJson(response, { turns: [turn] });
    finish();
  });
  expect(await show(gateway, "send", "hi")).toMatchObject({ code: 130, stderr: expect.stringContaining("(stopped)") });
});

test("chat moves between sessions", async () => {
  await using gateway = await startFakeGateway();
  gateway.on(`GET /api/v1/sessions/${session}`, { ...read, cursor: "3.1" });
  gateway.on("GET /api/v1/sessions", { sessions: [summary], more: false });
  gateway.on("POST /api/v1/redo", { entry: "c", summary: "s", paths: [], conflicts: [], seq: 1 });
  const typed = ["/session", `/session ${session}`, "/redo", "/retry", "/help", "/new", "/retry"].join("\n");
  const { code, stdout, stderr } = await runCli(["chat", "-c"], {
    url: gateway.url,
    input: typed,
    terminal: true,
    env: { NO_COLOR: "1" },
  });
  expect(code).toBe(0);
  expect(stdout).toContain("(queued)");
  expect(stdout).toContain("Brought back: s\n");
  expect(stdout).toContain("Pasted lines are one message.");
  for (const told of ["Which session?", "there is no POST", "A new session begins", "Nothing was said"])
    expect(stderr).toContain(told);
});

test("retry, status and followed logs", async () => {
  await using gateway = await startFakeGateway();
  gateway.on(`GET /api/v1/sessions/${session}`, { ...read, cursor: "3.1" });
  acceptMessages(gateway, (stream) => stream.finish("4.3", { text: "now" }));
  gateway.on(`POST /api/v1/sessions/${session}/retry`, { session, message: turn, duplicate: false });
  expect((await show(gateway, "retry", session)).stdout).toContain("now\n");
  const json = await runCli(["retry", session, "--json"], { url: gateway.url });
  expect(fieldsOf(json.stdout, "type")).toEqual(["accepted", "finished"]);
  const status = {
    version: "1",
    model: "m",
    provider: "custom",
    rehearsal: true,
    problems: [],
    services: { file: "down" },
    bus: "down",
    spentTodayUsd: 0,
    dayBudgetUsd: 1,
    uptimeSeconds: 1,
  };
  gateway.on("GET /api/v1/status", status);
  expect(await show(gateway, "status")).toMatchObject({ code: 1, stdout: expect.stringContaining("down: file, bus") });
  gateway.on("GET /api/v1/logs", (response: Response, _received: unknown, count: number) => {
    if (count === 1) return sendProblem(response, 503, { code: "bus-down", detail: "later" });
    if (count === 2) return sendProblem(response, 403, { code: "denied", detail: "no more" });
    sendJson(response, { lines: [{ time: "t", level: "warn", msg: "m" }], complete: true });
  });
  expect(await show(gateway, "logs", "--follow")).toMatchObject({ code: 77, stdout: "t warn  - m\n" });
});

test("doctor marks every finding", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /healthz", (response: Response) => response.end("ok"));
  gateway.on("GET /readyz", { ready: true, missing: [] });
  const { code, stdout } = await show(gateway, "doctor");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^fail status {7}there is no GET \/api\/v1\/status\.$/m);
  expect(stdout).toMatch(/\n1 of \d+ checks failed\.\n$/);
});

test("an answer without a problem, an endless one, and a token file that can't be used are told", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/status", (response: Response) => response.writeHead(502).end("<html>"));
  expect(await show(gateway, "status")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The gateway answered with status 502."),
  });
  gateway.on("GET /api/v1/status", (response: Response) => response.writeHead(401).end());
  expect(await show(gateway, "status", "--verbose")).toMatchObject({
    code: 77,
    stderr: expect.stringContaining("code http-401, status 401"),
  });
  const MATRIX_STATE = await mkdtemp(join(tmpdir(), "matrixos-state-"));
  await writeFile(join(MATRIX_STATE, "owner.token"), "\n");
  const env = { MATRIX_TOKEN: "", MATRIX_STATE };
  expect((await runCli(["status"], { url: gateway.url, env })).stderr).toContain("is empty.");
  await rm(join(MATRIX_STATE, "owner.token"));
  await mkdir(join(MATRIX_STATE, "owner.token"));
  expect((await runCli(["status"], { url: gateway.url, env })).stderr).toContain("can't be read.");
  expect((await runCli(["status"], { url: "http://nowhere.invalid" })).stderr).toMatch(
    /can't be reached at http:\/\/nowhere.invalid \(E/,
  );
});

test("start without the tree's own start program says what to do", async () => {
  const { toHomePath } = await import("../src/files/home-path.ts");
  expect(toHomePath("~", "/h")).toBe("");
  const { start } = await import("../src/commands/start.ts");
  expect(() => start({ root: "/nowhere" })).toThrow("can't be started from here");
});
