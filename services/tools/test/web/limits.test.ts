import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchOutside } from "../../src/http/fetch-outside.ts";
import { readPage } from "../../src/process/read-page.ts";
import { toContentKind } from "../../src/web/content-kind.ts";
import { type WebWorld, startWebWorld } from "./web-world.ts";

const MIB = 1_048_576;

let world: WebWorld;
let sent: number;
const bodies: Readonly<Record<string, () => { encoding?: string; body: Buffer }>> = {
  "/gzip": () => ({ encoding: "gzip", body: gzipSync("packed text") }),
  "/deflate": () => ({ encoding: "deflate", body: deflateSync("packed text") }),
  "/br": () => ({ encoding: "br", body: brotliCompressSync("packed text") }),
  "/bomb-gzip": () => ({ encoding: "gzip", body: gzipSync(Buffer.alloc(200 * MIB)) }),
  "/bomb-br": () => ({ encoding: "br", body: brotliCompressSync(Buffer.alloc(64 * MIB)) }),
  "/twice": () => ({ encoding: "gzip, gzip", body: gzipSync(gzipSync("x")) }),
  "/broken": () => ({ encoding: "gzip", body: Buffer.from("no gzip at all") }),
};

beforeAll(async () => {
  world = await startWebWorld(answer);
});
afterAll(() => world[Symbol.asyncDispose]());

function answer(request: IncomingMessage, response: ServerResponse): void {
  const made = bodies[request.url ?? ""]?.();
  if (made !== undefined) {
    response.writeHead(200, made.encoding === undefined ? {} : { "content-encoding": made.encoding });
    response.end(made.body);
  } else if (request.url === "/endless") {
    sent = 0;
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
    };
    response.on("drain", more);
    more();
  } else if (request.url === "/silent") {
    response.on("close", () => undefined);
  } else if (request.url === "/drip") {
    const timer = setInterval(() => response.write("."), 50);
    response.on("close", () => clearInterval(timer));
  } else if (request.url === "/headers") {
    response.writeHead(200, { "x-long": "y".repeat(60_000) }).end();
  } else response.socket?.destroy();
}

const get = (path: string, wholeMs = 15_000) =>
  fetchOutside(`http://public.example${path}`, {
    world: world.outside,
    reach: { ports: [], allow: new Set() },
    signal: new AbortController().signal,
    onHop: () => undefined,
    wholeMs,
  });

test.each(["/gzip", "/deflate", "/br"])("%s is unpacked", async (path) => {
  expect((await get(path)).body.toString()).toBe("packed text");
});

test.each(["/bomb-gzip", "/bomb-br"])("%s is refused while it is unpacked, in bounded memory", async (path) => {
  const before = process.memoryUsage().rss;
  await expect(get(path)).rejects.toMatchObject({ code: "too-large" });
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * MIB);
});

test("a body without end is left at 10 MiB", async () => {
  await expect(get("/endless")).rejects.toMatchObject({ code: "too-large" });
  expect(sent).toBeLessThan(40 * MIB);
});

test.each(["/silent", "/drip"])("%s is given up when the whole time is over", async (path) => {
  await expect(get(path, 500)).rejects.toMatchObject({ kind: "unavailable", code: "timed-out" });
});

test("a name whose resolution hangs is given up too", async () => {
  const hanging = { ...world.outside, resolve: () => new Promise<never>(() => undefined) };
  const options = {
    world: hanging,
    reach: { ports: [], allow: new Set<string>() },
    onHop: () => undefined,
    wholeMs: 300,
  };
  const signal = new AbortController().signal;
  await expect(fetchOutside("http://public.example/", { ...options, signal })).rejects.toMatchObject({
    code: "timed-out",
  });
});

test("a body packed twice, one that is broken, long headers and a host that hangs up are clear errors", async () => {
  await expect(get("/twice")).rejects.toMatchObject({ code: "unreadable" });
  await expect(get("/broken")).rejects.toMatchObject({ kind: "unavailable", code: "unreachable" });
  await expect(get("/headers")).rejects.toMatchObject({ code: "unreachable" });
  await expect(get("/hang-up")).rejects.toMatchObject({ code: "unreachable" });
});

test("a certificate must be the host's: a server that speaks no TLS is not read over https", async () => {
  await expect(
    fetchOutside("https://public.example/gzip", {
      world: world.outside,
      reach: { ports: [], allow: new Set() },
      signal: new AbortController().signal,
      onHop: () => undefined,
    }),
  ).rejects.toMatchObject({ code: "unreachable" });
});

test("a page built to take for ever is ended", async () => {
  const deep = `<html><body>${"<div>".repeat(60_000)}x`;
  await expect(readPage(deep, "http://public.example/")).rejects.toMatchObject({ code: "unreadable" });
}, 30_000);

test.each([
  ["application/pdf", "PDF"],
  ["image/png", "image/png"],
  ["application/octet-stream", "application/octet-stream"],
  ["text/javascript", "text/javascript"],
])("%s is refused with a sentence", (type, words) => {
  expect(toContentKind(type)).toEqual({ refusal: expect.stringContaining(words) as string });
});
