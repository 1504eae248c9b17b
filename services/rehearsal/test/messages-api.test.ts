import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRehearsalServer } from "../src/server.ts";
import type { RehearsalServer } from "../src/server.ts";
import { createClient, createTalk } from "./converse.ts";

let server: RehearsalServer;

beforeAll(async () => {
  server = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 0 });
});

afterAll(() => server[Symbol.asyncDispose]());

const hello = { model: "rehearsal-1", max_tokens: 100, messages: [{ role: "user", content: "ping" }] };

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

describe("POST /v1/messages", () => {
  it.each([
    {},
    { authorization: "Bearer x" },
    { "x-api-key": "x", "anthropic-version": "2023-06-01" },
    { "anthropic-version": "2026-10-21" },
  ])("answers with any credentials: %j", async (headers: Record<string, string>) => {
    const response = await post(hello, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get("request-id")).toMatch(/^req_/);
    expect(await response.json()).toMatchObject({
      type: "message",
      role: "assistant",
      model: "rehearsal-1",
      content: [{ type: "text", text: "pong" }],
      stop_reason: "end_turn",
      usage: { output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
    });
  });

  it("streams named events in the order the client needs, tool input in pieces", async () => {
    const tools = [{ name: "write_file", input_schema: { type: "object" } }];
    const response = await post({
      ...hello,
      stream: true,
      tools,
      messages: [{ role: "user", content: `write a file a.md with "${"é".repeat(2000)}"` }],
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = (await response.text()).trim().split("\n\n");
    const names = events.map((event) => /^event: (\w+)\ndata: \{"type":"\1"/.exec(event)?.[1]);
    expect(names[0]).toBe("message_start");
    expect(names.slice(-2)).toEqual(["message_delta", "message_stop"]);
    expect(names.filter((name) => name === "content_block_start")).toHaveLength(2);
    expect(events.filter((event) => event.includes("input_json_delta")).length).toBeGreaterThan(3);
    expect(events[0]).toContain('"input_tokens"');
    expect(events.at(-2)).toMatch(/"stop_reason":"tool_use".*"output_tokens":\d+/);
  });

  it("streams and answers at once with the same words and ids", async () => {
    const client = createClient(server.url);
    const request = { model: "rehearsal-1", max_tokens: 100, messages: [{ role: "user" as const, content: "hello" }] };
    const streamed = await client.messages.stream(request).finalMessage();
    const whole = await client.messages.create(request);
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.id).toBe(whole.id);
  });

  it.each([
    [{ ...hello, messages: undefined }, 400, "invalid_request_error", /^messages: /],
    [{ ...hello, max_tokens: undefined }, 400, "invalid_request_error", /^max_tokens: /],
    [
      { ...hello, messages: [{ role: "user", content: [{ type: "text" }] }] },
      400,
      "invalid_request_error",
      /^messages\.0\.content\.0\.text: /,
    ],
    [{ ...hello, messages: [{ role: "robot", content: "x" }] }, 400, "invalid_request_error", /^messages\.0\.role: /],
    [
      { ...hello, messages: [{ role: "assistant", content: "x" }] },
      400,
      "invalid_request_error",
      /must end with a user message/,
    ],
    [{ ...hello, thread: { id: "t" } }, 400, "invalid_request_error", /^thread: /],
    [{ ...hello, model: "claude-opus-5-5" }, 404, "not_found_error", /^model: claude-opus-5-5/],
    [
      {
        ...hello,
        messages: [
          { role: "user", content: "x" },
          { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "undo", input: {} }] },
          { role: "user", content: "y" },
        ],
      },
      400,
      "invalid_request_error",
      /messages\.1: tool_use id t1/,
    ],
    [
      { ...hello, messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t9", content: "x" }] }] },
      400,
      "invalid_request_error",
      /messages\.0: tool_result for t9/,
    ],
    [
      { ...hello, messages: [{ role: "user", content: "x".repeat(33 * 1024 * 1024) }] },
      413,
      "request_too_large",
      /too large/,
    ],
  ])("refuses a wrong request with a reason (case %#)", async (...refusal) => {
    const [body, status, type, message] = refusal;
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ type: "error", error: { type, message: expect.stringMatching(message) } });
  });

  it("refuses a body that is no JSON, and a route that is none", async () => {
    const broken = await fetch(`${server.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"a"',
    });
    expect(broken.status).toBe(400);
    const missing = await fetch(`${server.url}/v1/nothing`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ type: "error", error: { type: "not_found_error" } });
  });

  it("takes steering words beside tool results, and ignores what is no request", async () => {
    const talk = createTalk({ url: server.url });
    talk.messages.push({ role: "user", content: "make a timer" });
    await talk.step();
    const results = talk.messages.at(-1)?.content as unknown[];
    results.push(
      { type: "text", text: "and write a file a.md with one and two" },
      { type: "text", text: "(budget: 3 steps left)" },
    );
    while (await talk.step());
    expect(talk.files.get("a.md")).toBe("- one\n- two\n");
    expect(talk.files.has("apps/timer/index.html")).toBe(true);
  });
});

describe("the other routes", () => {
  it("counts tokens and lists its one model", async () => {
    const client = createClient(server.url);
    const { input_tokens: few } = await client.messages.countTokens({
      model: "rehearsal-1",
      messages: [{ role: "user", content: "hi" }],
    });
    const { input_tokens: many } = await client.messages.countTokens({
      model: "rehearsal-1",
      messages: [{ role: "user", content: "hi ".repeat(4000) }],
    });
    expect(many - few).toBeGreaterThan(2900);
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["rehearsal-1"]);
    expect((await client.models.retrieve("rehearsal-1")).display_name).toMatch(/rehearsal/i);
    await expect(client.models.retrieve("other")).rejects.toMatchObject({ status: 404 });
  });
});
