import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function problemOf(path: string, init: Parameters<Stage["ask"]>[1]) {
  const response = await stage.ask(path, init);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({
    type: `urn:matrix-os:error:${String(body["code"])}`,
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
  });
  return { ...body, headers: response.headers };
}

const messages = "/api/v1/messages";

describe("a request that does not fit is told which field", () => {
  test.each([
    [
      "malformed JSON",
      messages,
      { method: "POST", body: "{", headers: { "content-type": "application/json" } },
      400,
      "body",
    ],
    ["a list for an object", messages, { method: "POST", json: [] }, 400, "body"],
    ["no body", messages, { method: "POST" }, 400, "body"],
    ["no text", messages, { method: "POST", json: {} }, 400, "text"],
    ["empty text", messages, { method: "POST", json: { text: "" } }, 400, "text"],
    ["too many characters", messages, { method: "POST", json: { text: "x".repeat(32_001) } }, 400, "text"],
    ["a session that is none", messages, { method: "POST", json: { text: "x", session: "a b" } }, 400, "session"],
    ["a number out of bounds", "/api/v1/sessions?limit=0", {}, 400, "limit"],
    ["a wrong cursor", "/api/v1/sessions/main/events?after=x", {}, 400, "after"],
    ["a path out of the home", "/api/v1/files/a%2f..%2f..%2fetc", {}, 400, "path"],
    ["percent nonsense", "/api/v1/files/%zz", {}, 400, "path"],
    [
      "__proto__",
      messages,
      { method: "POST", body: '{"text":"x","__proto__":{}}', headers: { "content-type": "application/json" } },
      400,
      "body",
    ],
  ] as const)("%s", async (...[, path, init, status, field]) => {
    expect(await problemOf(path, init)).toMatchObject({ status, code: "invalid", field });
  });

  test("a body of more than a mebibyte is 413", async () => {
    expect(await problemOf(messages, { method: "POST", json: { text: "x".repeat(1_100_000) } })).toMatchObject({
      status: 413,
      code: "too-large",
    });
    expect(await problemOf(messages, { method: "POST", json: { text: "x".repeat(30_000_000) } })).toMatchObject({
      status: 413,
      code: "too-large",
    });
  });

  test("another media type is 415", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "nonsense",
    ]) {
      expect(
        await problemOf(messages, { method: "POST", body: "text=x", headers: { "content-type": type } }),
      ).toMatchObject({ status: 415, field: "content-type" });
    }
  });

  test("an unknown route is 404, another method 405 with what is allowed", async () => {
    expect(await problemOf("/api/v1/nothing", {})).toMatchObject({ status: 404, code: "not-found" });
    const wrong = await problemOf("/api/v1/messages", { method: "DELETE" });
    expect([wrong.headers.get("allow"), wrong]).toMatchObject(["POST", { status: 405 }]);
    const files = await problemOf("/api/v1/files/a", { method: "PATCH" });
    expect(files.headers.get("allow")?.split(", ").toSorted()).toEqual(["DELETE", "GET", "HEAD", "PUT"]);
  });
});

describe("naughty texts", () => {
  // Kinds of the «Big List of Naughty Strings»; the whole list passes in the integration suite.
  const texts = [
    "\u0000",
    "a\r\nb",
    "\ud800",
    "x\udfff\ud83d",
    "\u202etest",
    "é",
    "e\u0301",
    "\ufeffbom",
    "<script>alert(1)</script>",
    "'; DROP TABLE--",
    "%00%0a",
    "👩‍👩‍👧‍👦",
    "Ṱ̺̺̕o͞ ̷i̲̬",
    "{{7*7}}",
    "`id`",
    "\\u0041",
    "﷽",
    " ",
    "\t",
    "null",
    "undefined",
    "true",
    "NaN",
    "1e1000",
    "田中さん",
    "‪‪test‪",
    "__proto__",
    "\u2028\u2029",
  ];

  test("come in and out unchanged", async () => {
    for (const text of texts) {
      const accepted = await stage.ask(messages, { method: "POST", json: { text } });
      expect(accepted.status, JSON.stringify(text)).toBe(202);
      const { session, message } = (await accepted.json()) as { session: string; message: string };
      expect(stage.system.sessions.find(message)?.message.text).toBe(text);
      stage.system.sessions.begin(message);
      stage.system.sessions.finish(message, text);
      const view = (await (await stage.ask(`/api/v1/sessions/${session}`)).json()) as { messages: { text: string }[] };
      expect(view.messages.map((each) => each.text)).toEqual([text, text]);
    }
  });
});

describe("what is away", () => {
  test("services that don't answer are named by /readyz and refused with 503", async () => {
    await using lonely = await startStage({}, ["kernel"]);
    const ready = await fetch(`${lonely.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, missing: ["dispatcher", "file"] }]);
    const status = (await (await lonely.ask("/api/v1/status")).json()) as { services: unknown; problems: string[] };
    expect(status).toMatchObject({ services: { file: "down", kernel: "up" }, problems: { length: 2 } });
    await lonely.system[Symbol.asyncDispose]();
    const refused = await lonely.ask(messages, { method: "POST", json: { text: "x" } });
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toMatchObject([
      503,
      "1",
      { code: "no-responder" },
    ]);
    const unknown = (await (await lonely.ask("/api/v1/status")).json()) as { model: string };
    expect(unknown.model).toBe("unknown");
  });

  test("a broker that is away makes /readyz say so, and comes back by itself", async () => {
    await stage.broker.restart(async () => {
      await expect
        .poll(async () => (await fetch(`${stage.url}/readyz`)).json(), { timeout: 5_000 })
        .toEqual({ ready: false, missing: ["bus"] });
      expect((await fetch(`${stage.url}/healthz`)).status).toBe(200);
      expect(await (await stage.ask("/api/v1/status")).json()).toMatchObject({
        bus: "down",
        services: { file: "down" },
      });
    });
    await expect.poll(async () => (await fetch(`${stage.url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
  });
});
