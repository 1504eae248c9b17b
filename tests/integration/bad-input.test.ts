import { request } from "node:http";
import { writeFileRoute } from "@matrix-os/contracts/api/files";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { readSessionRoute } from "@matrix-os/contracts/api/session";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, expect, test } from "vitest";
import { naughtyStrings } from "./parts/naughty-strings.ts";
import { startHere } from "./parts/start-here.ts";
import { isFinished, watchSession } from "./parts/watch-session.ts";

let system: TestSystem;

beforeAll(async () => {
  system = await startHere();
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

test("a body over the limit is refused with 413", async () => {
  const response = await post(JSON.stringify({ text: "x".repeat(2_000_000) }));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: "too-large" });
});

test.each([
  ["no JSON", "{", "body"],
  ["an empty text", '{"text":""}', "text"],
  ["a text that is none", '{"text":[1]}', "text"],
  ["a text over its limit", JSON.stringify({ text: "x".repeat(32_001) }), "text"],
  ["a session that is no name", '{"text":"a","session":"../x"}', "session"],
  ["an empty key", '{"text":"a","idempotencyKey":""}', "idempotencyKey"],
])("%s is refused with 400, naming the field", async (_what, body, field) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  expect(await response.json()).toMatchObject({ code: "invalid", field });
});

test("an unknown session is 404", async () => {
  const response = await system.fetch(toRouteUrl(readSessionRoute, { params: { session: "s_nowhere" } }));
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "not-found" });
});

test("no token and a wrong one are 401", async () => {
  const none = await fetch(`${system.url()}${sendMessageRoute.path}`, { method: "POST" });
  const wrong = await system.fetch(sendMessageRoute.path, { method: "POST", headers: { authorization: "Bearer x" } });
  expect([none.status, wrong.status]).toEqual([401, 401]);
});

test.each([{ host: "evil.example" }, { origin: "https://evil.example" }, { origin: "null" }])(
  "a foreign page is 403, also with the owner's token: %j",
  async (headers) => {
    expect(await askRaw(headers)).toBe(403);
  },
);

test("there are at least 485 naughty strings", () => {
  expect(naughtyStrings.length).toBeGreaterThanOrEqual(485);
});

test("naughty strings come back from a conversation unchanged", async () => {
  const lanes = split(naughtyStrings, 6);
  const wrong = await Promise.all(lanes.map(findChangedInConversation));
  expect(wrong.flat()).toEqual([]);
}, 120_000);

test("naughty strings are file names and contents, and come back unchanged", async () => {
  const names = naughtyStrings.filter(isFileName);
  expect(names.length).toBeGreaterThan(350);
  const wrong = await Promise.all(split(names, 4).map(findChangedFiles));
  expect(wrong.flat()).toEqual([]);
  const list = await system.fetch("/api/v1/files/naughty?list=1");
  const { entries, truncated } = (await list.json()) as { entries: { path: string }[]; truncated: boolean };
  const listed = new Set(entries.map(({ path }) => path));
  expect(truncated ? [] : names.filter((name) => !listed.has(`naughty/${name}`))).toEqual([]);
}, 120_000);

function post(body: string): Promise<Response> {
  return system.fetch(sendMessageRoute.path, { method: "POST", body, headers: { "content-type": "application/json" } });
}

/** `fetch` forbids to set these headers. */
function askRaw(headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const authorization = `Bearer ${system.token()}`;
    const asking = request(`${system.url()}/api/v1/status`, { headers: { authorization, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on("error", reject).end();
  });
}

async function findChangedInConversation(strings: readonly string[]): Promise<string[]> {
  const { session } = await system.send("echo begin");
  using watcher = await watchSession(system, session);
  const wrong: string[] = [];
  for (const text of strings) {
    const { turn } = await system.accept(`echo ${text}`, session);
    const end = await watcher.until((event) => isFinished(event) && event.turn === turn);
    const question = watcher.events.find((event) => event.type === "message" && event.turn === turn);
    const isSame =
      end.type === "finished" && end.text === text && question?.type === "message" && question.text === `echo ${text}`;
    if (!isSame) wrong.push(text);
  }
  return wrong;
}

async function findChangedFiles(names: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const name of names) {
    const url = toRouteUrl(writeFileRoute, { params: { "*": `naughty/${name}` } });
    const put = await system.fetch(url, { method: "PUT", body: name });
    const got = await system.fetch(url);
    // Bytes, for reading as text would swallow a byte order mark.
    if (put.status !== 201 || Buffer.from(await got.arrayBuffer()).toString() !== name)
      wrong.push(`${put.status} ${name}`);
  }
  return wrong;
}

function isFileName(text: string): boolean {
  return !/[/\0]/.test(text) && text !== "." && text !== ".." && Buffer.byteLength(text) <= 255;
}

function split<Item>(items: readonly Item[], lanes: number): Item[][] {
  return Array.from({ length: lanes }, (_, lane) => items.filter((_item, index) => index % lanes === lane));
}
