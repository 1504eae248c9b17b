import { readFileSync, writeFileSync } from "node:fs";
import { eventually } from "@matrix-os/testkit/eventually";
import { text } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCommand, readEnviron } from "./parts/processes.ts";
import { runMatrixos, runProgram, toOwnerEnv } from "./parts/run-program.ts";
import { mode, startHere } from "./parts/start-here.ts";
import { openSocket } from "./parts/watch-on-socket.ts";

// The promise is a second; here the machine may be busy.
const SOON_MS = 20_000;

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  model.play([text("Hello.")]);
  system = await startHere({ env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key-of-the-environment" } });
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

/** Runs the command with a value on its standard input; the value stands in a variable, in no argument. */
function pipeIn(value: string, ...words: string[]) {
  const env = { ...toOwnerEnv(system), VALUE: value };
  return runProgram("sh", ["-c", `printf '%s\\n' "$VALUE" | ./matrixos ${words.join(" ")}`], env);
}

const readStatus = async () => (await (await system.fetch("/api/v1/status")).json()) as Record<string, unknown>;
const put = (name: string, body: object) =>
  system.fetch(`/api/v1/secrets/${name}`, {
    method: "PUT",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });

test("the model's key is set, rotated and removed by the command line and counts at once", async () => {
  await system.send("hello");
  expect(model.requests.at(-1)?.headers).toMatchObject({ "x-api-key": "key-of-the-environment" });
  for (const [value, words] of [
    ["first-key-of-the-vault", ["secret", "set", "ANTHROPIC_API_KEY"]],
    ["second-key-of-the-vault", ["secret", "rotate", "ANTHROPIC_API_KEY"]],
  ] as const) {
    expect(await pipeIn(value, ...words)).toMatchObject({ code: 0, stderr: "" });
    await untilKeyIs(value);
  }
  const listed = await runMatrixos(system, "secret", "list");
  expect(listed.stdout).toMatch(/^ANTHROPIC_API_KEY .* version 2 .*read by kernel/);
  expect(listed.stdout).not.toContain("-key-of-the-vault");
  expect((await runMatrixos(system, "secret", "remove", "ANTHROPIC_API_KEY")).code).toBe(0);
  await untilKeyIs("key-of-the-environment");
}, 120_000);

async function untilKeyIs(value: string): Promise<void> {
  await eventually(
    async () => {
      await system.send("hello");
      return model.requests.at(-1)?.headers["x-api-key"] === value;
    },
    { withinMs: SOON_MS },
  );
}

test("a key in the vault survives a restart", async () => {
  expect((await put("ANTHROPIC_API_KEY", { value: "a-key-that-stays" })).status).toBe(200);
  await system.restart();
  await system.send("hello");
  expect(model.requests.at(-1)?.headers).toMatchObject({ "x-api-key": "a-key-that-stays" });
});

test.each([
  ["PUT", "/api/v1/secrets/1BAD", { value: "long enough" }, 400, "name"],
  ["PUT", "/api/v1/secrets/GOOD", { value: "short" }, 400, "value"],
  ["PUT", "/api/v1/secrets/GOOD", { value: 7 }, 400, "value"],
  ["PUT", "/api/v1/secrets/GOOD", { value: "long enough", expect: "present" }, 404, "name"],
  ["DELETE", "/api/v1/secrets/GOOD", undefined, 404, "name"],
])("%s %s %j is refused, naming the field", async (...row) => {
  const [method, path, body, status, field] = row;
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await system.fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(status);
  const problem = await answer.text();
  expect(JSON.parse(problem)).toMatchObject({ field });
  expect(problem).not.toContain("long enough");
});

test("without a token nobody lists, sets or removes", async () => {
  for (const method of ["GET", "PUT", "DELETE"]) {
    const path = method === "GET" ? "/api/v1/secrets" : "/api/v1/secrets/GOOD";
    expect((await fetch(`${system.url()}${path}`, { method })).status, method).toBe(401);
  }
});

test("a command line without a value is refused, and so is a value as an argument", async () => {
  expect(await runMatrixos(system, "secret", "set", "GOOD")).toMatchObject({ code: 64 });
  expect(await runMatrixos(system, "secret", "set", "GOOD", "long-enough-value")).toMatchObject({ code: 64 });
});

test("secrets of the environment stand only in processes that list them", async () => {
  const holders = system.pids().filter((pid) => readEnviron(pid).includes("key-of-the-environment"));
  const commands = holders.map(readCommand).filter((line) => !line.includes("start.ts"));
  expect(commands).toHaveLength(1);
  expect(commands[0]).toContain(mode === "merged" ? "core.ts" : "services/kernel/");
});

test("the rehearsal's label follows the key, also in open shells", async () => {
  await using other = await startHere();
  using socket = await openSocket(other);
  const read = async () =>
    ((await (await other.fetch("/api/v1/status")).json()) as Record<string, unknown>)["rehearsal"];
  expect(await read()).toBe(true);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ value: "a-key-for-the-real-thing" });
  await other.fetch("/api/v1/secrets/ANTHROPIC_API_KEY", { method: "PUT", headers, body });
  await socket.until((frame) => frame.type === "model-changed" && !frame.rehearsal);
  expect(await read()).toBe(false);
  await other.fetch("/api/v1/secrets/ANTHROPIC_API_KEY", { method: "DELETE" });
  await socket.until((frame) => frame.type === "model-changed" && frame.rehearsal);
  expect(await read()).toBe(true);
});

test("a vault that can't be opened is told by the status; turns go on with the environment's key", async () => {
  await system.stop();
  const path = `${system.state}/vault/secrets.json`;
  const good = readFileSync(path, "utf8");
  writeFileSync(path, "spoiled");
  await system.restart();
  await system.send("hello");
  expect(model.requests.at(-1)?.headers).toMatchObject({ "x-api-key": "key-of-the-environment" });
  expect(JSON.stringify((await readStatus())["problems"])).toContain("can't be opened");
  expect((await system.fetch("/api/v1/secrets")).status).toBe(409);
  writeFileSync(path, good);
  await untilKeyIs("a-key-that-stays");
});
