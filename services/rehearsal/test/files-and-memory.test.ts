import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRehearsalServer } from "../src/server.ts";
import type { RehearsalServer } from "../src/server.ts";
import { createTalk } from "./converse.ts";
import { diskStore } from "./home.ts";

let server: RehearsalServer;

beforeAll(async () => {
  server = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 0 });
});

afterAll(() => server[Symbol.asyncDispose]());

describe("files", () => {
  it("writes, adds, shows, finds, sums up, renames, moves and deletes", async () => {
    const talk = createTalk({ url: server.url });
    await talk.say("write a file shopping.md with milk and eggs");
    await talk.say("add bread to it");
    expect(talk.files.get("shopping.md")).toBe("- milk\n- eggs\n- bread\n");
    expect(await talk.say("show me shopping.md")).toContain("- bread");
    expect(await talk.say("search my files for eggs")).toContain("shopping.md:2");
    expect(await talk.say("summarise it")).toContain("milk, eggs, bread");
    await talk.say("rename shopping.md to groceries");
    await talk.say("move groceries.md into the lists folder");
    expect([...talk.files.keys()]).toEqual(["lists/groceries.md"]);
    expect(await talk.say("what files do i have?")).toContain("lists/groceries.md");
    await talk.say("delete lists/groceries.md");
    expect(talk.files.size).toBe(0);
  });

  it("keeps given text exactly", async () => {
    const talk = createTalk({ url: server.url });
    await talk.say("write a file a.txt with:\n# Title\n\n- delete it and make it dark\n");
    expect(talk.files.get("a.txt")).toBe("# Title\n\n- delete it and make it dark\n");
    await talk.say('create a file called b.txt containing "one and then delete two."');
    expect(talk.files.get("b.txt")).toBe("one and then delete two.");
  });

  it("explains a missing file once and names the way to a real model", async () => {
    const talk = createTalk({ url: server.url });
    expect(await talk.say("read nowhere.md")).toMatch(/not-found: nowhere\.md.*ANTHROPIC_BASE_URL/s);
    expect(talk.messages).toHaveLength(4);
  });

  it("never writes over a file it could not read whole", async () => {
    const talk = createTalk({
      url: server.url,
      files: new Map([["long.md", "a\n[part of 900000 bytes; read on with offset]"]]),
    });
    expect(await talk.say("add bread to long.md")).toMatch(/too long/);
    expect(talk.files.get("long.md")).not.toContain("bread");
  });

  it("deletes an app as a whole and lists what is left", async () => {
    const talk = createTalk({ url: server.url });
    expect(await talk.say("which apps do I have?")).toContain("There are no apps yet");
    await talk.say("make a timer and a notes app");
    await talk.say("delete the notes app");
    expect(await talk.say("which apps do I have?")).toMatch(/These are your apps.*- apps\/timer\/$/s);
  });

  it("works on a home on disk", async () => {
    const root = await mkdtemp(join(tmpdir(), "rehearsal-"));
    const talk = createTalk({ url: server.url, store: diskStore(root) });
    const final = await talk.say(
      "make me a habit tracker and then write a file plan.md with run, read and sleep and remember that I like mornings",
    );
    expect(await readFile(join(root, "plan.md"), "utf8")).toBe("- run\n- read\n- sleep\n");
    expect(await readFile(join(root, "system/memory/facts.md"), "utf8")).toContain("- I like mornings");
    await talk.say("make it dark");
    expect(await readFile(join(root, "apps/habit-tracker/index.html"), "utf8")).toContain('data-theme="dark"');
    expect(final).toMatch(/All done.*habit-tracker\/.*plan\.md.*mornings/s);
    await rm(root, { recursive: true });
  });
});

describe("memory and small talk", () => {
  it("remembers through the tool and reads back what is kept", async () => {
    const talk = createTalk({ url: server.url });
    expect(await talk.say("what do you know about me?")).toContain("nothing about you yet");
    await talk.say("remember that I am allergic to nuts");
    expect(await talk.say("what do you know about me?")).toContain("- I am allergic to nuts");
    expect(await talk.say("undo that")).toContain("reversed: 1 file");
    expect(await talk.say("redo")).toContain("redone: 1 file");
  });

  it.each([
    "plain",
    " two  spaces ",
    '"quoted" and then delete it',
    "👩‍👩‍👧‍👦 Ω≈ç√",
    "‫test‫",
    "'; DROP TABLE x; --",
    "\u0000\u001b[31m",
    "line\nbreak\r\n",
    "\ud800 lone",
    "<script>alert(1)</script>",
    "x".repeat(100_000),
  ])("echoes byte for byte: %j", async (text) => {
    expect(await createTalk({ url: server.url }).say(`echo ${text}`)).toBe(text);
  });

  it("answers ping with pong and nothing else", async () => {
    expect(await createTalk({ url: server.url }).say("ping")).toBe("pong");
  });

  it("is honest about what it can not do", async () => {
    expect(await createTalk({ url: server.url }).say("write a poem about the sea in the style of Rilke")).toMatch(
      /rehearsal model.*ANTHROPIC_API_KEY/s,
    );
    expect(await createTalk({ url: server.url }).say("what time is it?")).toMatch(/no clock/);
    expect(await createTalk({ url: server.url }).say("make me a timer and email it to Bob")).toMatch(
      /Not done: .*email it to Bob/,
    );
  });
});

describe("resuming", () => {
  it("goes on the same way from every step of a turn, in a fresh server", async () => {
    const request =
      "make me a timer called Tea, make it dark, add a field called Kind and write a file tea.md with green and black";
    const whole = createTalk({ url: server.url });
    const final = await whole.say(request);
    const snapshots: Array<[number, Map<string, string>]> = [];
    const again = createTalk({ url: server.url });
    again.messages.push({ role: "user", content: request });
    do snapshots.push([again.messages.length, new Map(again.files)]);
    while (await again.step());
    expect(snapshots.length).toBeGreaterThanOrEqual(5);
    for (const [length, files] of snapshots) {
      await using fresh = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 0 });
      const resumed = createTalk({ url: fresh.url, files });
      resumed.messages.push(...(JSON.parse(JSON.stringify(again.messages.slice(0, length))) as typeof again.messages));
      while (await resumed.step());
      expect(resumed.messages).toEqual(whole.messages);
      expect(resumed.files).toEqual(whole.files);
    }
    expect(final).toContain("apps/tea/");
  });

  it("ends a turn after twelve steps, whatever was asked", async () => {
    const talk = createTalk({ url: server.url });
    const final = await talk.say(
      Array.from({ length: 20 }, (_, index) => `write a file f${index}.md with a and b`).join("\n"),
    );
    expect(talk.messages.filter(({ role }) => role === "assistant")).toHaveLength(13);
    expect(final).toMatch(/at most 12 steps/);
  });
});
