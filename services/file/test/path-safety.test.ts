import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { searchRequest } from "@matrix-os/contracts/file/search.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { list } from "../src/on-request/list.ts";
import { move } from "../src/on-request/move.ts";
import { read } from "../src/on-request/read.ts";
import { search } from "../src/on-request/search.ts";
import { send } from "../src/on-request/send.ts";
import { storeMessage } from "../src/on-request/store-message.ts";
import { write } from "../src/on-request/write.ts";
import { type TestHome, errorOf, openTestHome, toCode } from "./parts/test-home.ts";

const origin = { actor: "owner" };
let test: TestHome;
let outside: string;
beforeEach(async () => {
  test = await openTestHome();
  outside = fs.mkdtempSync(path.join(os.tmpdir(), "outside-"));
  fs.writeFileSync(path.join(outside, "secret"), "top secret words");
});
afterEach(async () => {
  await test[Symbol.asyncDispose]();
  fs.rmSync(outside, { recursive: true });
});

const codeOf = async (work: Promise<unknown>) => (await errorOf(work)).code;

describe("links in the home", () => {
  beforeEach(() => {
    fs.symlinkSync(outside, test.at("way-out"));
    fs.symlinkSync(path.join(outside, "secret"), test.at("secret-link"));
  });

  it("are never followed by any request", async () => {
    expect(await codeOf(test.ask(readRequest, read, { path: "way-out/secret" }))).toBe("denied");
    expect(await codeOf(test.ask(readRequest, read, { path: "secret-link" }))).toBe("denied");
    expect(await codeOf(test.ask(sendRequest, send, { path: "way-out/secret" }))).toBe("denied");
    expect(await codeOf(test.ask(listRequest, list, { path: "way-out" }))).toBe("denied");
    expect(await codeOf(test.ask(writeRequest, write, { path: "way-out/new", content: "x", origin }))).toBe("denied");
    expect(await codeOf(test.ask(writeRequest, write, { path: "secret-link", content: "x", origin }))).toBe("denied");
    expect(await codeOf(test.ask(deleteRequest, deletePath, { path: "way-out/secret", origin }))).toBe("not-found");
    expect(await codeOf(test.ask(moveRequest, move, { from: "way-out/secret", to: "mine", origin }))).toBe("not-found");
    expect((await test.ask(searchRequest, search, { query: "top secret" })).matches).toEqual([]);
    expect(fs.readdirSync(outside)).toEqual(["secret"]);
    expect(fs.readFileSync(path.join(outside, "secret"), "utf8")).toBe("top secret words");
  });

  it("can themselves be listed, moved and deleted", async () => {
    expect(
      (await test.ask(listRequest, list, {})).entries.filter(({ type }) => type === "link").map(({ path: at }) => at),
    ).toEqual(["secret-link", "way-out"]);
    await test.ask(moveRequest, move, { from: "way-out", to: "renamed", origin });
    await test.ask(deleteRequest, deletePath, { path: "renamed", origin });
    expect(fs.existsSync(path.join(outside, "secret"))).toBe(true);
  });

  it("do not lead turn logs away either", async () => {
    fs.rmSync(test.at("system/open"), { recursive: true });
    fs.symlinkSync(outside, test.at("system/open"));
    const message = { text: "x", sender: "owner", replyTo: { channel: "web", account: "owner", chat: "c" } };
    expect(await codeOf(test.ask(storeMessageRequest, storeMessage, { key: "k", session: "s", message }))).toBe(
      "denied",
    );
    expect(fs.readdirSync(outside)).toEqual(["secret"]);
  });
});

it("special files are refused without waiting for them", async () => {
  const { execFileSync } = await import("node:child_process");
  execFileSync("mkfifo", [test.at("pipe")]);
  expect(await codeOf(test.ask(readRequest, read, { path: "pipe" }))).toBe("denied");
  expect(await codeOf(test.ask(writeRequest, write, { path: "pipe", content: "x", origin }))).toBe("denied");
});

describe("a folder that is swapped with a link while requests run", () => {
  it("never lets anything in or out", async () => {
    fs.mkdirSync(test.at("f"));
    fs.writeFileSync(test.at("f/secret"), "harmless");
    fs.symlinkSync(outside, test.at("link"));
    await test.deps.settled;
    const flipper = fork(
      new URL("parts/flip-folder.ts", import.meta.url),
      [test.at("f"), test.at("link"), test.at("aside")],
      { execArgv: [] },
    );
    await once(flipper, "message");
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (let at = 0; at < 3_000; at += 1) {
      await test.ask(readRequest, read, { path: "f/secret" }).then(
        ({ content }) => count(content),
        (error: unknown) => count(toCode(error)),
      );
    }
    for (let at = 0; at < 150; at += 1) {
      await test.ask(writeRequest, write, { path: `f/w${at % 5}`, content: `${at}`, origin }).then(
        () => count("written"),
        (error: unknown) => count(toCode(error)),
      );
      await test.ask(deleteRequest, deletePath, { path: `f/w${at % 5}`, origin }).then(
        () => count("deleted"),
        (error: unknown) => count(toCode(error)),
      );
    }
    const gone = once(flipper, "exit");
    flipper.disconnect();
    await gone;
    expect(fs.readdirSync(outside)).toEqual(["secret"]);
    expect(fs.readFileSync(path.join(outside, "secret"), "utf8")).toBe("top secret words");
    expect(seen.has("top secret words")).toBe(false);
    expect(seen.get("harmless")).toBeGreaterThan(0);
    expect(seen.get("denied")).toBeGreaterThan(0);
    expect(seen.has("internal")).toBe(false);
  }, 60_000);
});
