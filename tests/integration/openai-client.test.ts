import { text } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import OpenAI, { AuthenticationError, BadRequestError } from "openai";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { toText } from "./parts/model-requests.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";

let model: MessagesServer;
let system: TestSystem;
let client: OpenAI;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model));
  client = new OpenAI({ baseURL: `${system.url()}/v1`, apiKey: system.token(), maxRetries: 0 });
});

beforeEach(() => {
  model.requests.length = 0;
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

test("models are listed, and the one listed answers", async () => {
  model.play([text("Here I am.")]);
  const { data } = await client.models.list();
  expect(data.length).toBeGreaterThan(0);
  const completion = await client.chat.completions.create({
    model: data[0]?.id ?? "",
    messages: [{ role: "user", content: "are you there?" }],
  });
  expect(completion.choices[0]).toMatchObject({
    finish_reason: "stop",
    message: { role: "assistant", content: "Here I am." },
  });
});

test("a streamed answer comes in chunks whose sum is the answer", async () => {
  model.play([text("One ", "two ", "three.")]);
  const stream = await client.chat.completions.create({
    model: "matrix-os",
    stream: true,
    messages: [{ role: "user", content: "count" }],
  });
  const chunks = await Array.fromAsync(stream);
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("One two three.");
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
});

test("the same user goes on in the same session, another one does not", async () => {
  model.play([text("Nice to meet you, Ada.")]);
  const say = (user: string, content: string) =>
    client.chat.completions.create({ model: "matrix-os", user, messages: [{ role: "user", content }] });
  await say("ada", "my name is Ada");
  await say("ada", "what is my name?");
  await say("bob", "and who am I?");
  const [, second, third] = model.requests.map(({ body }) => body.messages.map(({ content }) => toText(content)));
  expect(second).toEqual(["my name is Ada", "Nice to meet you, Ada.", "what is my name?"]);
  expect(third).toEqual(["and who am I?"]);
});

test("a client that holds the conversation itself is understood, too", async () => {
  model.play([text("Blue.")]);
  await client.chat.completions.create({
    model: "matrix-os",
    messages: [
      { role: "system", content: "You are terse." },
      { role: "user", content: "my favourite colour is blue" },
      { role: "assistant", content: "Noted." },
      { role: "user", content: "which one is it?" },
    ],
  });
  const asked = JSON.stringify(model.requests[0]?.body.messages);
  for (const said of ["You are terse.", "favourite colour is blue", "Noted.", "which one is it?"])
    expect(asked).toContain(said);
});

test("errors have the form that the client understands", async () => {
  const stranger = new OpenAI({ baseURL: `${system.url()}/v1`, apiKey: "wrong", maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  const nothing = client.chat.completions.create({ model: "matrix-os", messages: [] });
  await expect(nothing).rejects.toBeInstanceOf(BadRequestError);
  await expect(nothing).rejects.toMatchObject({ status: 400, param: "messages" });
});
