import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRehearsalServer } from "../src/server.ts";
import type { RehearsalServer } from "../src/server.ts";
import { createTalk } from "./converse.ts";

const requests = [
  ["make me a habit tracker", "habit-tracker"],
  ["make a notes app", "notes"],
  ["make a todo board", "todo-board"],
  ["make a timer", "timer"],
  ["make an expense log", "expense-log"],
  ["make flashcards", "flashcards"],
  ["make me a recipe box", "recipe-box"],
] as const;

let server: RehearsalServer;

beforeAll(async () => {
  server = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 0 });
});

afterAll(() => server[Symbol.asyncDispose]());

describe.each(requests)("%s", (says, folder) => {
  it("writes an app whose files belong together and that a strict CSP allows", async () => {
    const talk = createTalk({ url: server.url });
    const final = await talk.say(says);
    expect(final.endsWith(`apps/${folder}/`)).toBe(true);
    expect(final).toContain("rehearsal model");
    const file = (name: string): string => talk.files.get(`apps/${folder}/${name}`) ?? "";
    const manifest = JSON.parse(file("app.json")) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      entry: "index.html",
      permissions: ["storage"],
      version: "1.0.0",
      icon: expect.any(String),
      description: expect.any(String),
    });

    const html = file("index.html");
    expect(html).toContain(`<title>${String(manifest["name"])}</title>`);
    const references = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect(references.length).toBeGreaterThanOrEqual(5);
    for (const path of references) expect(talk.files.has(`apps/${folder}/${path}`), path).toBe(true);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|https?:/i);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/i);

    for (const [path, content] of talk.files) {
      expect(content.split("\n").length, path).toBeLessThanOrEqual(250);
      expect(content, path).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?:\/\//);
    }
  });
});

describe("making apps", () => {
  it("uses a given name for the folder, the title and the manifest", async () => {
    const talk = createTalk({ url: server.url });
    await talk.say('make me a habit tracker called "Water & <Ice>"');
    expect(talk.files.get("apps/water-ice/index.html")).toContain("<h1>Water &amp; &lt;Ice&gt;</h1>");
    expect(JSON.parse(talk.files.get("apps/water-ice/app.json") ?? "")).toMatchObject({ name: "Water & <Ice>" });
  });

  it("never writes over an app that exists", async () => {
    const talk = createTalk({ url: server.url, files: new Map([["apps/timer/index.html", "mine"]]) });
    const final = await talk.say("make me a timer");
    expect(talk.files.get("apps/timer/index.html")).toBe("mine");
    expect(final.endsWith("apps/timer-2/")).toBe(true);
    expect(await talk.say("make me a timer")).toContain("apps/timer-3/");
  });

  it("says that a general list is all it can make of another wish", async () => {
    expect(await createTalk({ url: server.url }).say("build an app to keep track of my houseplants")).toMatch(
      /general list.*apps\/houseplants\/$/s,
    );
  });

  it("says plainly when a tool it needs is not offered", async () => {
    const talk = createTalk({ url: server.url, toolNames: ["list_files"] });
    expect(await talk.say("make me a timer")).toMatch(/write_file is not offered.*ANTHROPIC_API_KEY/s);
  });
});
