import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  cutAt,
  gated,
  hang,
  overloaded,
  overloadedMidStream,
  rateLimited,
  refused,
  text,
  toolUse,
} from "../src/messages/answers.ts";
import { type MessagesServer, startMessagesServer } from "../src/start-messages-server.ts";

let server: MessagesServer;
let client: Anthropic;

beforeAll(async () => {
  server = await startMessagesServer();
  client = new Anthropic({ apiKey: "key", baseURL: server.url, maxRetries: 0 });
});

afterAll(() => server[Symbol.asyncDispose]());

const ask = { model: "scripted-1", max_tokens: 100, messages: [{ role: "user" as const, content: "hi" }] };
const tools = [{ name: "read_file", input_schema: { type: "object" as const } }];

describe("the scripted Messages API", () => {
  it("streams text and parallel tool calls to the ordinary client, in pieces", async () => {
    server.play([
      text("Hel", "lo."),
      toolUse({ name: "a", input: { path: "x" }, pieces: 4 }, { name: "b", input: {}, id: "toolu_b" }),
    ]);
    expect((await client.messages.stream(ask).finalMessage()).content).toEqual([{ type: "text", text: "Hello." }]);
    const asked = await client.messages.stream({ ...ask, tools }).finalMessage();
    expect(asked.stop_reason).toBe("tool_use");
    expect(asked.content).toMatchObject([
      { type: "tool_use", name: "a", input: { path: "x" } },
      { type: "tool_use", name: "b", id: "toolu_b", input: {} },
    ]);
    expect(server.requests.at(-1)).toMatchObject({
      body: { model: "scripted-1", tools },
      headers: { authorization: "Bearer key" },
    });
    server.play([text("whole")]);
    expect((await client.messages.create(ask)).content).toEqual([{ type: "text", text: "whole" }]);
  });

  it("waits before each piece for the test", async () => {
    const gate = Promise.withResolvers<void>();
    server.play([gated(text("a", "b"), async (piece) => (piece === 1 ? gate.promise : undefined))]);
    const stream = client.messages.stream(ask);
    const first = Promise.withResolvers<string>();
    stream.on("text", (piece) => first.resolve(piece));
    expect(await first.promise).toBe("a");
    gate.resolve();
    expect((await stream.finalMessage()).content).toEqual([{ type: "text", text: "ab" }]);
  });

  it("is overloaded before and inside a stream, limits the rate, and breaks off", async () => {
    server.play([
      refused(403, "permission_error"),
      overloaded,
      overloadedMidStream(1, "a", "b"),
      rateLimited(7),
      rateLimited(),
      cutAt(300, text("a".repeat(2_000))),
    ]);
    const next = () => client.messages.stream(ask).finalMessage();
    await expect(next()).rejects.toMatchObject({ status: 403 });
    await expect(next()).rejects.toMatchObject({ status: 529 });
    await expect(next()).rejects.toMatchObject({ error: { error: { type: "overloaded_error" } } });
    const limited = await next().catch((error: unknown) => error as InstanceType<typeof Anthropic.APIError>);
    expect(limited).toMatchObject({ status: 429 });
    expect((limited as { headers: Headers }).headers.get("retry-after")).toBe("7");
    const spent = await next().catch((error: unknown) => error as { headers: Headers });
    expect((spent as { headers: Headers }).headers.get("retry-after")).toBeNull();
    await expect(next()).rejects.toThrow();
  });

  it("may hang until the client gives up", async () => {
    server.play([hang]);
    const count = server.requests.length;
    const stop = new AbortController();
    const call = client.messages.create(ask, { signal: stop.signal });
    await server.untilAsked(count + 1);
    stop.abort();
    await expect(call).rejects.toThrow();
  });

  it("refuses what the real API refuses", async () => {
    const assistant = {
      role: "assistant" as const,
      content: [{ type: "tool_use" as const, id: "t1", name: "a", input: {} }],
    };
    const user = { role: "user" as const, content: "hi" };
    for (const messages of [
      [user, user],
      [user, assistant, user],
      [assistant],
      [{ role: "user" as const, content: [{ type: "text" as const, text: " " }] }],
    ]) {
      await expect(client.messages.create({ ...ask, messages })).rejects.toMatchObject({ status: 400 });
    }
    await expect(client.messages.create({ ...ask, thread: "t" } as never)).rejects.toMatchObject({ status: 400 });
    const anonymous = await fetch(`${server.url}/v1/messages`, { method: "POST", body: "{}" });
    expect(anonymous.status).toBe(401);
    const bearer = await fetch(`${server.url}/v1/models`, { headers: { authorization: "Bearer x" } });
    expect(bearer.status).toBe(200);
  });
});
