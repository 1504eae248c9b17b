import OpenAI, { APIError, BadRequestError, InternalServerError } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
let client: OpenAI;
beforeAll(async () => {
  stage = await startStage();
  client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: stage.token, maxRetries: 2 });
});
beforeEach(() => {
  stage.system.sessions.onAccepted = answerNow;
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A kernel that answers at once, word by word, with one tool call in between. */
function answerNow(turn: string): void {
  const { sessions } = stage.system;
  setImmediate(() => {
    sessions.begin(turn);
    sessions.delta(turn, { step: 1, number: 0, text: "Look" });
    sessions.delta(turn, { step: 1, number: 1, text: "ing" });
    sessions.say(turn, 1, "Looking");
    sessions.callTool(turn, "c1");
    sessions.delta(turn, { step: 2, number: 0, text: "Here " });
    sessions.delta(turn, { step: 2, number: 1, text: "it is.\n" });
    sessions.say(turn, 2, "Here it is.");
    sessions.finish(turn, "Here it is.");
  });
}

const ask = (content: string) => ({ model: "rehearsal-1", messages: [{ role: "user" as const, content }] });

describe("OpenAI's own client", () => {
  test("gets the finished turn's text and its usage", async () => {
    const answer = await client.chat.completions.create(ask("hello"));
    expect(answer.choices[0]).toMatchObject({
      message: { role: "assistant", content: "Here it is." },
      finish_reason: "stop",
    });
    expect([answer.object, answer.model, answer.usage]).toMatchObject([
      "chat.completion",
      "rehearsal-1",
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    ]);
  });

  test("streams the texts as they come, then how it ended, then the usage", async () => {
    const stream = await client.chat.completions.create({
      ...ask("hello"),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    const ends: unknown[] = [];
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (chunk.choices[0]?.finish_reason) ends.push(chunk.choices[0].finish_reason);
      usage = chunk.usage ?? usage;
    }
    expect([text, ends, usage]).toMatchObject(["Looking\n\nHere it is.", ["stop"], { total_tokens: 15 }]);
  });

  test("its stream helper builds the same message", async () => {
    const message = await client.chat.completions.stream(ask("hello")).finalMessage();
    expect(message.content).toBe("Looking\n\nHere it is.");
  });

  test("user names the session, x-session-key does so before it; odd names are hashed", async () => {
    const sessionOf = async (user: string, headers: Record<string, string> = {}) => {
      const { response } = await client.chat.completions.create({ ...ask("hello"), user }, { headers }).withResponse();
      return response.headers.get("x-session-key") ?? "";
    };
    expect(await sessionOf("tea-time")).toBe("tea-time");
    expect(await sessionOf("tea-time", { "x-session-key": "coffee" })).toBe("coffee");
    const odd = await sessionOf("someone@example.com");
    expect(odd).toMatch(/^u_[\w-]{32}$/);
    expect(await sessionOf("someone@example.com")).toBe(odd);
  });

  test("without a name, what was said before goes along as context, and only the last user message is the text", async () => {
    const { response } = await client.chat.completions
      .create({
        model: "m",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "My name is Ada." },
          { role: "assistant", content: "Hello Ada." },
          {
            role: "user",
            content: [
              { type: "text", text: "Who" },
              { type: "text", text: "am I?" },
            ],
          },
        ],
      })
      .withResponse();
    const stored = stage.system.sessions.need(response.headers.get("x-session-key") ?? "").turns[0]?.message;
    expect(stored).toMatchObject({
      text: "Who\nam I?",
      context: "system: Be brief.\n\nuser: My name is Ada.\n\nassistant: Hello Ada.",
      replyTo: { channel: "api" },
    });
  });

  test("lists models and finds one", async () => {
    const models = (await client.models.list()).data.map(({ id }) => id);
    expect(models).toEqual(["matrix-os", "rehearsal-1"]);
    expect(await client.models.retrieve("rehearsal-1")).toMatchObject({ id: "rehearsal-1", object: "model" });
    await expect(client.models.retrieve("nothing")).rejects.toMatchObject({ status: 404, code: "not-found" });
  });

  test("parts that are no text are refused by their place", async () => {
    const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,AA==" } };
    const refused = client.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: [{ type: "text", text: "see" }, image] }],
    });
    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toMatchObject({
      status: 400,
      param: "messages.0.content.1",
      type: "invalid_request_error",
    });
    await expect(
      client.chat.completions.create({ model: "m", messages: [{ role: "system", content: "x" }] }),
    ).rejects.toMatchObject({ status: 400, param: "messages" });
    await expect(client.chat.completions.create({ model: "m" } as never)).rejects.toMatchObject({
      status: 400,
      param: "messages",
    });
  });

  test("a wrong key is its authentication error", async () => {
    const stranger = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "wrong" });
    await expect(stranger.models.list()).rejects.toMatchObject({
      status: 401,
      type: "authentication_error",
      code: "unauthorized",
    });
  });
});

describe("a turn that fails", () => {
  const failWith =
    (kind: "unavailable" | "rejected", code: "model-unreachable" | "model-refused") => (turn: string) => {
      setImmediate(() => {
        stage.system.sessions.begin(turn);
        stage.system.sessions.finish(turn, "", { status: "failed", error: { kind, code, message: "no answer" } });
      });
    };

  test.each([
    ["unavailable", "model-unreachable", 503],
    ["rejected", "model-refused", 502],
  ] as const)("%s: an error that the client does not repeat by itself", async (kind, code, status) => {
    let turns = 0;
    stage.system.sessions.onAccepted = (turn) => {
      turns += 1;
      failWith(kind, code)(turn);
    };
    for (const stream of [false, true]) {
      const failing = client.chat.completions.create({ ...ask("hello"), stream });
      await expect(failing).rejects.toThrow(InternalServerError);
      await expect(failing).rejects.toMatchObject({ status, code });
    }
    expect(turns).toBe(2);
  });

  test("after the first words the stream itself carries the error", async () => {
    const { sessions } = stage.system;
    let running = "";
    sessions.onAccepted = (turn) => {
      running = turn;
      setImmediate(() => {
        sessions.begin(turn);
        sessions.say(turn, 1, "Well");
      });
    };
    const stream = await client.chat.completions.create({ ...ask("hello"), stream: true });
    const heard: string[] = [];
    const read = async () => {
      for await (const chunk of stream) {
        heard.push(chunk.choices[0]?.delta.content ?? "");
        if (heard.at(-1) === "Well") sessions.finish(running, "", { status: "stopped" });
      }
    };
    await expect(read()).rejects.toThrow(APIError);
    expect(heard).toEqual(["", "Well"]);
  });
});

describe("a client that leaves", () => {
  test("stops nothing: the turn runs on", async () => {
    let running = "";
    stage.system.sessions.onAccepted = (turn) => (running = turn);
    const leave = new AbortController();
    const answer = client.chat.completions.create(ask("long"), { signal: leave.signal });
    await expect.poll(() => running).not.toBe("");
    leave.abort();
    await expect(answer).rejects.toThrow();
    expect(stage.system.sessions.find(running)?.open).toBe(true);
    expect(stage.system.answered.get("dispatcher.request.stop-session")).toBeUndefined();
  });

  test("nothing of all this was our own error", () => {
    expect(stage.errors).toEqual([]);
  });
});
