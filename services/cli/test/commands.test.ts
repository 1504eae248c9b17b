import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { at, sendJson, sendProblem, session, startFakeGateway } from "./fake-gateway.ts";
import { fieldsOf, runCli, startCli } from "./run-cli.ts";

type Response = Parameters<typeof sendJson>[0];

const nowhere = "http://127.0.0.1:9";
const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const change = { path: "notes/a.md", hash, sizeBytes: 3, created: true, change: "c_1", seq: 1 };

test.each([
  [["nonsense"], "Unknown command 'nonsense'"],
  [["send"], "Missing required argument 'text'"],
  [["send", "hi", "--colour"], "Unknown option '--colour'"],
  [["send", "  "], "The message is empty."],
  [["completion", "tcsh"], "There is no completion for «tcsh»."],
])("a command line that can't be understood ends with 64: %j", async (words, sentence) => {
  const { code, stderr, stdout } = await runCli(words, { url: nowhere });
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toContain(sentence);
});

test("settings of the environment that do not fit are named", async () => {
  expect((await runCli(["status"], { env: { MATRIX_PORT: "http" } })).stderr).toContain("MATRIX_PORT is «http»");
  expect((await runCli(["status"], { env: { MATRIX_URL: "nonsense" } })).stderr).toContain("MATRIX_URL is «nonsense»");
});

test("without a gateway: 69 and how to start it, as a problem with --json", async () => {
  const plain = await runCli(["status"], { url: nowhere, env: { MATRIX_TOKEN: "" } });
  expect(plain.code).toBe(69);
  expect(plain.stderr).toMatch(/^Matrix OS is not running\.\nStart it with `make start`/);
  const json = await runCli(["--json", "status"], { url: nowhere });
  expect(JSON.parse(json.stderr)).toMatchObject({ code: "unreachable", detail: "Matrix OS is not running." });
});

test("without a token, or with one that is refused: 77 and what helps", async () => {
  await using gateway = await startFakeGateway();
  const none = await runCli(["status"], { url: gateway.url, env: { MATRIX_TOKEN: "" } });
  expect(none.code).toBe(77);
  expect(none.stderr).toContain("There is no token at");
  gateway.on("GET /api/v1/status", (response: Response) =>
    sendProblem(response, 401, { code: "unauthorized", detail: "no" }),
  );
  const refused = await runCli(["status"], { url: gateway.url });
  expect(refused.code).toBe(77);
  expect(refused.stderr).toContain(
    "The gateway does not accept the token.\nThis program sends the token of MATRIX_TOKEN",
  );
});

test("a refusal is a sentence with its field; --verbose adds code and correlation", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/history", (response: Response) =>
    sendProblem(response, 400, { code: "invalid", detail: "too big", field: "limit" }),
  );
  const plain = await runCli(["history", "--limit", "999"], { url: gateway.url });
  expect(plain).toMatchObject({ code: 1, stderr: "limit: too big.\n" });
  const verbose = await runCli(["history", "--verbose"], { url: gateway.url });
  expect(verbose.stderr).toContain("code invalid, status 400, correlation c_42");
  const json = await runCli(["history", "--json"], { url: gateway.url });
  expect(JSON.parse(json.stderr)).toEqual({
    title: "Refused.",
    status: 400,
    code: "invalid",
    detail: "limit: too big.",
    field: "limit",
    correlation: "c_42",
  });
});

test("another program at the address is told apart", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/status", (response: Response) => response.end("<html>hello</html>"));
  const { code, stderr } = await runCli(["status"], { url: gateway.url });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("can't be understood") });
});

test("files are read byte for byte, also into a file", async () => {
  await using gateway = await startFakeGateway();
  const bytes = Buffer.from([0, 1, 2, 27, 128, 255, 10, 13]);
  gateway.on("GET /api/v1/files/notes/%C3%A9%20%23.bin", (response: Response) =>
    response.writeHead(200, { etag: `"${hash}"` }).end(bytes),
  );
  const { code, bytes: read } = await runCli(["files", "read", "notes/é #.bin"], { url: gateway.url });
  expect({ code, read }).toEqual({ code: 0, read: bytes });
  const target = join(await mkdtemp(join(tmpdir(), "matrixos-")), "out");
  await runCli(["files", "read", "notes/é #.bin", "--output", target], { url: gateway.url });
  expect(await readFile(target)).toEqual(bytes);
  const json = JSON.parse((await runCli(["files", "read", "notes/é #.bin", "--json"], { url: gateway.url })).stdout);
  expect(json).toEqual({
    path: "notes/é #.bin",
    hash,
    sizeBytes: 8,
    encoding: "base64",
    content: bytes.toString("base64"),
  });
});

test("a file that breaks off on the way is no success", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/files/a", (response: Response) => {
    response.writeHead(200, { etag: '"x"', "content-length": 100 }).write("half");
    setTimeout(() => response.destroy(), 20);
  });
  expect((await runCli(["files", "read", "a"], { url: gateway.url })).code).toBe(69);
});

test("files are written from standard input and from a file, moved, deleted and listed", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("PUT /api/v1/files/notes/a.md", (response: Response) => sendJson(response, change, 201));
  const written = await runCli(["files", "write", "notes/a.md", "--if-match", hash], {
    url: gateway.url,
    input: "abc",
  });
  expect(written.stdout).toBe("created notes/a.md (3 B)\n");
  expect(gateway.received[0]).toMatchObject({
    body: "abc",
    headers: { "if-match": `"${hash}"`, "content-length": "3" },
  });
  const local = join(await mkdtemp(join(tmpdir(), "matrixos-")), "in");
  await writeFile(local, "from a file");
  await runCli(["files", "write", "notes/a.md", "--from", local], { url: gateway.url });
  expect(gateway.received[1]?.body).toBe("from a file");
  expect((await runCli(["files", "write", "x", "--from", "/nowhere"], { url: gateway.url })).stderr).toContain(
    "/nowhere can't be read",
  );

  gateway.on("POST /api/v1/files/move", change);
  await runCli(["files", "move", "./notes/b.md", "notes/a.md"], { url: gateway.url });
  expect(JSON.parse(gateway.received.at(-1)?.body ?? "")).toEqual({ from: "notes/b.md", to: "notes/a.md" });
  gateway.on("DELETE /api/v1/files/notes", { ...change, path: "notes" });
  expect((await runCli(["files", "delete", "notes/"], { url: gateway.url })).stdout).toBe("deleted notes\n");

  gateway.on("GET /api/v1/files/notes", { entries: [], truncated: false });
  expect((await runCli(["files", "read", "notes"], { url: gateway.url })).stderr).toContain("notes is a folder.");

  const entries = [{ path: "notes", type: "folder", sizeBytes: 0, modifiedAt: "2020-01-02T03:04:00.000Z" }];
  gateway.on("GET /api/v1/files/", { entries, truncated: false });
  expect((await runCli(["files"], { url: gateway.url })).stdout).toMatch(/^-  [123] Jan 2020 \d\d:\d\d  notes\/\n$/);
  expect(JSON.parse((await runCli(["files", "list", "--json"], { url: gateway.url })).stdout)).toEqual({
    entries,
    truncated: false,
  });
});

test("sessions, history, undo, status, link and activity print results, with --json the whole answer", async () => {
  await using gateway = await startFakeGateway();
  const summary = {
    id: session,
    title: "a habit\ntracker",
    state: "idle",
    channel: "web",
    createdAt: at,
    updatedAt: "2020-01-02T03:04:00.000Z",
    messageCount: 2,
  };
  gateway.on("GET /api/v1/sessions", { sessions: [summary], more: false });
  expect((await runCli(["sessions"], { url: gateway.url })).stdout).toContain(
    "s_1  2 Jan 2020 03:04  idle  2 msg  a habit",
  );
  expect(JSON.parse((await runCli(["sessions", "list", "--json"], { url: gateway.url })).stdout)).toEqual({
    sessions: [summary],
    more: false,
  });

  gateway.on("POST /api/v1/undo", { entry: "c_1", summary: "x", paths: [], conflicts: ["notes/a.md"], seq: 5 });
  const undone = await runCli(["undo", "c_1"], { url: gateway.url });
  expect(undone).toMatchObject({ code: 1, stdout: "Took back: x\n  left alone, changed since: notes/a.md\n" });
  expect(JSON.parse(gateway.received.at(-1)?.body ?? "")).toEqual({ entry: "c_1" });

  gateway.on("POST /api/v1/links", (response: Response) =>
    sendJson(response, { url: "http://127.0.0.1:4400/login#x", expiresAt: at }, 201),
  );
  expect((await runCli(["link"], { url: gateway.url })).stdout).toBe("http://127.0.0.1:4400/login#x\n");

  gateway.on("GET /api/v1/activity", {
    lines: [{ at: "2020-01-02T03:04:00.000Z", service: "kernel", kind: "turn", summary: "turn done" }],
    verified: false,
  });
  expect(await runCli(["activity"], { url: gateway.url })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^\d Jan 2020 \d\d:\d\d  kernel  turn  turn done\n$/),
  });
});

test("logs --follow shows each line once", async () => {
  await using gateway = await startFakeGateway();
  const line = (n: number) => ({ time: `t${n}`, level: "info", msg: `line ${n}`, service: "file" });
  gateway.on("GET /api/v1/logs", (response: Response, _received: unknown, count: number) =>
    sendJson(response, { lines: count === 0 ? [line(1), line(2)] : [line(2), line(3)], complete: true }),
  );
  const cli = startCli(["logs", "--follow", "--json", "--service", "file"], { url: gateway.url });
  await cli.prints("line 3");
  cli.child.kill("SIGINT");
  const { stdout } = await cli.done;
  expect(fieldsOf(stdout, "msg")).toEqual(["line 1", "line 2", "line 3"]);
  expect(gateway.received[0]?.query.get("service")).toBe("file");
});

test("every command has help with an example, in less than a second", async () => {
  const help = await runCli(["--help"]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  const names = [...help.stdout.matchAll(/^ {2}([a-z]+) .*\.$/gm)].map((match) => match[1] ?? "");
  expect(names.length).toBeGreaterThanOrEqual(17);
  const own = await Promise.all(
    ["send", "chat", "retry", "history", "logs", "completion"].map((name) => runCli([name, "--help"])),
  );
  for (const { stdout } of own) expect(stdout).toMatch(/Example:\n {2}\$ matrixos /);
});

test("a token is made, listed, renewed and removed; only the token goes to standard output", async () => {
  await using gateway = await startFakeGateway();
  const kept = { id: "0123456789abcdef", name: "backup", scopes: ["read", "files"], createdAt: at };
  const fresh = { ...kept, token: "mx_secret" };
  gateway.on("POST /api/v1/tokens", (response: Response) => sendJson(response, fresh, 201));
  gateway.on("GET /api/v1/tokens", { tokens: [kept] });
  gateway.on("POST /api/v1/tokens/0123456789abcdef/rotate", fresh);
  gateway.on("DELETE /api/v1/tokens/0123456789abcdef", (response: Response) => response.writeHead(204).end());
  gateway.on("POST /api/v1/tokens/owner/rotate", { token: "new-owner" });
  const run = (...words: string[]) => runCli(["token", ...words], { url: gateway.url });
  const made = await run("create", "backup", "--scopes", "read,files", "--days", "30");
  expect(made).toMatchObject({ code: 0, stdout: "mx_secret\n", stderr: expect.stringContaining("not shown again") });
  const { expiresAt, ...asked } = JSON.parse(gateway.received[0]?.body ?? "") as { expiresAt: string };
  expect(asked).toEqual({ name: "backup", scopes: ["read", "files"] });
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000);
  expect((await run()).stdout).toMatch(/^0123456789abcdef {2}read,files {2}no end {2}never used {2}backup\n$/);
  expect((await run("rotate", kept.id)).stdout).toBe("mx_secret\n");
  expect((await run("remove", kept.id)).stdout).toBe("Removed 0123456789abcdef.\n");
  expect((await run("rotate-owner")).stdout).toBe("new-owner\n");
  expect(await run("create", "x", "--scopes", "all")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("read, messages"),
  });
  expect(await run("create", "x", "--days", "soon")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("--days"),
  });
});

test("the activity log is filtered, verified and exported", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /api/v1/activity", { lines: [], verified: true });
  const check = { lines: 12, days: 2, checkedAt: at };
  gateway.on("GET /api/v1/activity/verify", check);
  gateway.on("GET /api/v1/activity/export", (response: Response) => response.end('{"a":1}\n{"a":2}\n'));
  const run = (...words: string[]) => runCli(["activity", ...words], { url: gateway.url });
  await run("--kind", "login", "--limit", "5", "--since", at);
  expect(Object.fromEntries(gateway.received[0]?.query ?? [])).toEqual({ kind: "login", limit: "5", since: at });
  expect(await run("verify")).toMatchObject({ code: 0, stdout: "All 12 lines of 2 days are as they were written.\n" });
  gateway.on("GET /api/v1/activity/verify", { ...check, broken: { day: "2026-11-24", line: 3, reason: "is not it" } });
  expect(await run("verify")).toMatchObject({ code: 1, stdout: "The log was changed: 2026-11-24 line 3 is not it.\n" });
  expect((await run("export")).stdout).toBe('{"a":1}\n{"a":2}\n');
  const target = join(await mkdtemp(join(tmpdir(), "matrixos-")), "log.jsonl");
  expect((await run("export", "--output", target)).code).toBe(0);
  expect(await readFile(target, "utf8")).toBe('{"a":1}\n{"a":2}\n');
});

test("what comes is followed from where the last answer ended", async () => {
  await using gateway = await startFakeGateway();
  const line = (summary: string) => ({ at, service: "gateway", kind: "login", summary });
  gateway.on("GET /api/v1/activity", (response: Response, received: { query: URLSearchParams }) => {
    const after = received.query.get("after");
    const [summary, next] =
      after === null ? ["first", "2026-11-24.1"] : after === "2026-11-24.1" ? ["second", "2026-11-24.2"] : ["", after];
    sendJson(response, { lines: summary === "" ? [] : [line(summary)], verified: true, next });
  });
  const running = startCli(["activity", "--follow", "--json"], { url: gateway.url });
  await running.prints("second");
  running.child.kill("SIGINT");
  expect(fieldsOf((await running.done).stdout, "summary")).toEqual(["first", "second"]);
});
