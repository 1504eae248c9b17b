import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRehearsalServer } from "../src/server.ts";
import type { RehearsalServer } from "../src/server.ts";
import { createTalk } from "./converse.ts";
import { foreignFiles, foreignPage } from "./foreign-app.ts";

let server: RehearsalServer;

beforeAll(async () => {
  server = await createRehearsalServer({ port: 0, host: "127.0.0.1", delayMs: 0 });
});

afterAll(() => server[Symbol.asyncDispose]());

describe("changing an app of its own", () => {
  it("changes theme, accent, text size, name and fields of the app it made last", async () => {
    const talk = createTalk({ url: server.url });
    await talk.say("make me a habit tracker");
    const page = (): string => talk.files.get("apps/habit-tracker/index.html") ?? "";
    const theme = (): string => talk.files.get("apps/habit-tracker/matrix-theme.css") ?? "";
    await talk.say("make it dark");
    expect(page()).toContain('data-theme="dark"');
    await talk.say("now make it light please");
    expect(page()).toContain('data-theme="light"');
    await talk.say("change the accent colour to teal");
    expect(theme()).toMatch(/--accent: light-dark\(#/);
    await talk.say("make the text bigger");
    await talk.say("even bigger text");
    expect(theme()).toContain("font-size: 130%");
    expect(theme()).toMatch(/--accent/);
    expect(page().match(/matrix-theme\.css/g)).toHaveLength(1);
    await talk.say("rename it to Morning routine");
    expect(page()).toContain("<title>Morning routine</title>");
    expect(page()).toContain("<h1>Morning routine</h1>");
    await talk.say("add a field for the place");
    expect(page()).toContain('<span>Place</span> <input type="text" name="extra-place" data-extra="Place">');
    expect(JSON.parse(talk.files.get("apps/habit-tracker/app.json") ?? "")).toMatchObject({ name: "Morning routine" });
    expect(await talk.say("make morning routine dark")).toContain("apps/habit-tracker/");
  });

  it("takes the app that is named, and asks when it can not know", async () => {
    const talk = createTalk({ url: server.url });
    await talk.say("make a notes app and then make a timer");
    expect(await talk.say("make notes dark")).toContain("apps/notes/");
    expect(talk.files.get("apps/notes/index.html")).toContain('data-theme="dark"');
    const later = createTalk({ url: server.url, files: talk.files });
    expect(await later.say("make it light")).toMatch(/Which app.*notes, timer/s);
    expect(await later.say("make the budget app light")).toMatch(/no app called «budget».*notes, timer/s);
  });
});

describe("changing an app that somebody else wrote", () => {
  it.each([
    ["make it dark", /color-scheme: dark/],
    ["make it light", /color-scheme: light/],
    ["make the buttons teal", /background-color: #[0-9a-f]{6} !important/],
    ["make the text larger", /zoom: 1\.15/],
  ])("%s: links a style sheet that wins", async (says, style) => {
    const talk = createTalk({ url: server.url, files: foreignFiles() });
    await talk.say(says);
    expect(talk.files.get("apps/guests/matrix-theme.css")).toMatch(style);
    const page = talk.files.get("apps/guests/index.html") ?? "";
    expect(page.indexOf('href="matrix-theme.css"')).toBeGreaterThan(page.indexOf("</style>"));
    expect(page.replace(/<link rel="stylesheet" href="matrix-theme.css">\n/, "")).toBe(foreignPage);
  });

  it("renames title, heading and manifest, and keeps the rest of the manifest", async () => {
    const talk = createTalk({ url: server.url, files: foreignFiles() });
    await talk.say("rename the guest book to Visitors");
    expect(talk.files.get("apps/guests/index.html")).toBe(foreignPage.replaceAll("Guest Book", "Visitors"));
    expect(JSON.parse(talk.files.get("apps/guests/app.json") ?? "")).toMatchObject({
      name: "Visitors",
      custom: { keep: true },
    });
  });

  it("adds a labelled field before the submit button, and says what it can not promise", async () => {
    const talk = createTalk({ url: server.url, files: foreignFiles() });
    const final = await talk.say("add a field called Amount");
    expect(talk.files.get("apps/guests/index.html")).toMatch(
      /Clear<\/button>\s+<label class="field"><span>Amount<\/span> <input type="number"[^>]*><\/label>\s+<button>Sign/,
    );
    expect(final).toMatch(/depends on the app's own script/);
  });

  it("reads again and writes the page when an edit does not fit, and does not loop", async () => {
    const talk = createTalk({ url: server.url, files: foreignFiles() });
    talk.messages.push({ role: "user", content: "make it dark" });
    await talk.step();
    await talk.step();
    talk.files.set("apps/guests/index.html", foreignPage.replace("</head>", "</HEAD >"));
    while (await talk.step());
    expect(talk.files.get("apps/guests/index.html")).toMatch(/matrix-theme\.css">\n<\/HEAD >/);
  });

  it("works on a page that is hardly one", async () => {
    const talk = createTalk({ url: server.url, files: new Map([["apps/x/index.html", "<p>hi</p>"]]) });
    await talk.say("make it dark and add a field called Mood");
    expect(talk.files.get("apps/x/index.html")).toMatch(/matrix-theme\.css.*<p>hi<\/p>.*data-extra="Mood"/s);
  });
});
