import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRehearsalServer } from "../src/server.ts";
import type { RehearsalServer } from "../src/server.ts";
import { createClient, createTalk } from "./converse.ts";

let server: RehearsalServer;

beforeAll(async () => {
  server = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 1 });
});

afterAll(() => server[Symbol.asyncDispose]());

describe("requests about files that leave something open", () => {
  it("go to the file that was last spoken of, and say so when there is none", async () => {
    const talk = createTalk({ url: server.url });
    expect(await talk.say("add bread to it")).not.toContain("I wrote");
    expect(talk.files.size).toBe(0);
    await talk.say("note down that the meeting is on Friday");
    const [name, text] = [...talk.files][0] ?? [];
    expect(text).toContain("meeting is on Friday");
    expect(await talk.say("show it")).toContain("meeting is on Friday");
    await talk.say("rename it to friday.md");
    expect([...talk.files.keys()]).toEqual(["friday.md"]);
    expect(name).not.toBe("friday.md");
  });

  it("find nothing honestly, and don't claim to search the web", async () => {
    const talk = createTalk({ url: server.url });
    expect(await talk.say("search my files for zebra")).toMatch(/found nothing about «zebra»/i);
    expect(await talk.say("what files do i have?")).toMatch(/nothing in your home/i);
    expect(await talk.say("search the internet for zebra")).not.toMatch(/found nothing about/i);
  });

  it("replace a file that is there, say when it is empty, and show only the beginning of a long one", async () => {
    const files = new Map([
      ["notes.md", "old\n"],
      ["empty.md", ""],
      ["long.md", "line\n".repeat(4_000)],
    ]);
    const talk = createTalk({ url: server.url, files });
    await talk.say("write a file notes.md with new words");
    expect(files.get("notes.md")).toContain("new words");
    expect(await talk.say("show me empty.md")).toContain("(it is empty)");
    expect(await talk.say("show me long.md")).toMatch(/more characters/);
    expect(await talk.say("search my files for line in long.md")).toMatch(/places/);
  });

  it("add to text that does not end with a line break, and begin a list where there is nothing", async () => {
    const files = new Map([["plain.txt", "one"]]);
    const talk = createTalk({ url: server.url, files });
    await talk.say("add two to plain.txt");
    expect(files.get("plain.txt")).toBe("one\ntwo\n");
    await talk.say("add milk to fresh.md");
    expect(files.get("fresh.md")).toBe("- milk\n");
  });

  it("sum up headings, items and the first sentence", async () => {
    const items = Array.from({ length: 8 }, (_, index) => `- item ${index}`).join("\n");
    const files = new Map([["plan.md", `# Plan\n\nThis is what we do. And more.\n\n## Steps\n\n${items}\n`]]);
    const summary = await createTalk({ url: server.url, files }).say("summarise plan.md");
    expect(summary).toMatch(/Headings: Plan · Steps/);
    expect(summary).toMatch(/and 3 more/);
    expect(summary).toContain("This is what we do.");
  });
});

describe("requests about apps that leave something open", () => {
  it("need an app to be there", async () => {
    const talk = createTalk({ url: server.url });
    expect(await talk.say("make the app dark")).toMatch(/no app yet/);
  });

  it("take short colours and sizes in words, and add a field only once, with the kind its name suggests", async () => {
    const talk = createTalk({ url: server.url });
    await talk.say("make me a contacts app");
    await talk.say("make the accent #f0a");
    await talk.say("the text is too big");
    await talk.say("add a field called birthday");
    await talk.say("add a field called email");
    const page = [...talk.files].find(([path]) => path.endsWith("index.html"))?.[1] ?? "";
    expect(page).toMatch(/type="date"/);
    expect(page).toMatch(/type="email"/);
    expect(await talk.say("add a field called email")).toMatch(/already/);
  });
});

describe("the Messages API in other shapes", () => {
  it("takes a system prompt in blocks, results in blocks, and a question that is not a request", async () => {
    const answer = await createClient(server.url).messages.create({
      model: "rehearsal-1",
      max_tokens: 1_000,
      system: [{ type: "text", text: "Today is 2026-11-24." }],
      messages: [
        { role: "user", content: [{ type: "text", text: "read a.md" }] },
        { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "read_file", input: { path: "a.md" } }] },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "# Title" }] }],
        },
      ],
      tools: [{ name: "read_file", description: "read", input_schema: { type: "object" } }],
    });
    expect(answer.content[0]).toMatchObject({ type: "text", text: expect.stringContaining("Title") as string });
  });

  it("names the field that is wrong, however deep", async () => {
    const post = async (body: string) => {
      const response = await fetch(`${server.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": "k", "anthropic-version": "2023-06-01" },
        body,
      });
      return { status: response.status, text: await response.text() };
    };
    const deep = { model: "m", max_tokens: 1, messages: [{ role: "user", content: [{ type: "text" }] }] };
    expect(await post(JSON.stringify(deep))).toMatchObject({
      status: 400,
      text: expect.stringMatching(/messages\.0/) as string,
    });
    expect(await post("{not json")).toMatchObject({ status: 400, text: expect.stringMatching(/body/) as string });
    expect(await post("[]")).toMatchObject({ status: 400 });
  });
});
