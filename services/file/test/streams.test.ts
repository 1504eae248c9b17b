import { createHash } from "node:crypto";
import fs from "node:fs";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { receive } from "../src/on-request/receive.ts";
import { send } from "../src/on-request/send.ts";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";

const origin = { actor: "owner" };
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
});
afterEach(() => test[Symbol.asyncDispose]());

describe("streams", () => {
  const parts = Array.from({ length: 30 }, (_, at) => new Uint8Array(131_072).fill(at));
  const whole = Buffer.concat(parts);

  it("takes a large file and gives it back", async () => {
    test.bus.parts.set("in", parts);
    const taken = await test.ask(receiveRequest, receive, {
      path: "big/a.bin",
      transfer: "in",
      maxBytes: 10_000_000,
      origin,
    });
    expect(taken).toMatchObject({ sizeBytes: whole.length, hash: sha256(whole), created: true });
    expect(fs.readFileSync(test.at("big/a.bin")).equals(whole)).toBe(true);
    expect(fs.statSync(test.at("big/a.bin")).mode & 0o777).toBe(0o644);
    const about = await test.ask(sendRequest, send, { path: "big/a.bin", transfer: "out", offset: 10 });
    expect(about.sentBytes).toBe(whole.length - 10);
    await test.deps.transfers[Symbol.asyncDispose]();
    expect(Buffer.concat(test.bus.parts.get("out") ?? []).equals(whole.subarray(10))).toBe(true);
    expect(await test.ask(sendRequest, send, { path: "big/a.bin" })).toMatchObject({
      sentBytes: 0,
      hash: sha256(whole),
    });
  });

  it("refuses more than was agreed and leaves nothing behind", async () => {
    test.bus.parts.set("in", parts);
    expect(
      (await errorOf(test.ask(receiveRequest, receive, { path: "a", transfer: "in", maxBytes: 200_000, origin }))).code,
    ).toBe("too-large");
    expect(fs.existsSync(test.at("a"))).toBe(false);
    expect(fs.readdirSync(test.at(".matrix/tmp"))).toEqual([]);
  });
});
