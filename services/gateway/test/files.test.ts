import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const at = (path: string) => `/api/v1/files/${path.split("/").map(encodeURIComponent).join("/")}`;

describe("reading", () => {
  test("a file comes with its hash as ETag, its type and without power", async () => {
    const hash = stage.system.files.put("notes/milk.md", "milk\n");
    const response = await stage.ask(at("notes/milk.md"));
    expect([response.status, await response.text()]).toEqual([200, "milk\n"]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: `"${hash}"`,
      "content-length": "5",
      "content-type": "text/markdown; charset=utf-8",
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("sandbox"),
      "last-modified": "Tue, 24 Nov 2026 12:00:00 GMT",
    });
  });

  test.each(["page.html", "page.xhtml", "image.svg", "feed.xml", "code.js", "app.wasm", "page.HTM", "thing"])(
    "%s is only offered as a download",
    async (name) => {
      stage.system.files.put(name, "<script>alert(1)</script>");
      expect((await stage.ask(at(name))).headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''/);
    },
  );

  test("If-None-Match answers 304 without the bytes", async () => {
    const hash = stage.system.files.put("cached.txt", "cached");
    for (const tag of [`"${hash}"`, `W/"${hash}"`, `"x", "${hash}"`, "*"]) {
      const response = await stage.ask(at("cached.txt"), { headers: { "if-none-match": tag } });
      expect([response.status, await response.text()]).toEqual([304, ""]);
    }
    expect((await stage.ask(at("cached.txt"), { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  test.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=0-1,3-4", 200, "0123456789", null],
    ["bytes=5-2", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
    ["bytes=abc", 200, "0123456789", null],
  ])("Range %s", async (range, ...[status, text, contentRange]) => {
    stage.system.files.put("digits", "0123456789");
    const response = await stage.ask(at("digits"), { headers: { range } });
    expect([response.status, await response.text(), response.headers.get("content-range")]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  test.each(["bytes=10-", "bytes=99-100", "bytes=-0"])("Range %s can't be satisfied", async (range) => {
    stage.system.files.put("digits", "0123456789");
    const response = await stage.ask(at("digits"), { headers: { range } });
    expect([response.status, response.headers.get("content-range"), await response.json()]).toMatchObject([
      416,
      "bytes */10",
      { field: "Range" },
    ]);
  });

  test("If-Range of an older version sends the whole file", async () => {
    const hash = stage.system.files.put("versioned", "0123456789");
    const part = await stage.ask(at("versioned"), { headers: { range: "bytes=0-1", "if-range": `"${hash}"` } });
    expect([part.status, await part.text()]).toEqual([206, "01"]);
    const whole = await stage.ask(at("versioned"), { headers: { range: "bytes=0-1", "if-range": '"older"' } });
    expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
  });

  test("HEAD tells the same without bytes, an empty file is no error, a missing one is 404", async () => {
    stage.system.files.put("empty", "");
    const head = await stage.ask(at("digits"), { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "10"]);
    const empty = await stage.ask(at("empty"));
    expect([empty.status, await empty.text()]).toEqual([200, ""]);
    expect((await stage.ask(at("missing"))).status).toBe(404);
    expect((await stage.ask(at("missing"), { method: "HEAD" })).status).toBe(404);
  });

  test("a folder answers what it holds, so does the home", async () => {
    stage.system.files.put("folder/a", "1");
    expect(await (await stage.ask(at("folder"))).json()).toMatchObject({
      entries: [{ path: "folder/a" }],
      truncated: false,
    });
    expect(await (await stage.ask(`${at("folder")}/?list=1&depth=2`)).json()).toMatchObject({
      entries: [{ path: "folder/a" }],
    });
    expect((await stage.ask("/api/v1/files/")).status).toBe(200);
    expect((await stage.ask(at("nowhere") + "?list=1")).status).toBe(404);
  });
});

const oddNames = [
  "a b",
  "ä/ö/ü",
  "100%",
  "50%25",
  "a#b",
  "a?b",
  "a&b=c",
  "a+b",
  "日本語.txt",
  "👩‍👩‍👧",
  "e\u0301",
  "'\"`",
  "a;b,c",
  "[x](y)",
  "move",
  "%2e%2e",
  "~",
  "a\nb",
  "x".repeat(255),
];

describe("names", () => {
  test.each(oddNames)("%j round-trips", async (name) => {
    const put = await stage.ask(at(name), { method: "PUT", body: "content" });
    expect([put.status, await put.json()]).toMatchObject([201, { path: name }]);
    const get = await stage.ask(at(name));
    expect([get.status, await get.text()]).toEqual([200, "content"]);
    expect((await stage.ask(at(name), { method: "DELETE" })).status).toBe(200);
    expect((await stage.ask(at(name))).status).toBe(404);
  });

  test.each(["a%2Fb", "%2Fetc", "a//b", "%00", "..%2f..", "/etc/passwd", "x".repeat(256), "%ff"])(
    "%j is refused",
    async (path) => {
      const response = await stage.ask(`/api/v1/files/${path}`, { method: "PUT", body: "x" });
      expect([response.status, await response.json()]).toMatchObject([400, { field: "path" }]);
    },
  );
});

describe("writing", () => {
  test("creates with 201, replaces with 200, and tells where it stands", async () => {
    const created = await stage.ask(at("new.json"), {
      method: "PUT",
      body: "{not json",
      headers: { "content-type": "application/json" },
    });
    const body = (await created.json()) as { hash: string };
    expect([created.status, created.headers.get("etag"), body]).toMatchObject([
      201,
      `"${body.hash}"`,
      { path: "new.json", sizeBytes: 9, change: expect.any(String), seq: expect.any(Number) },
    ]);
    expect((await stage.ask(at("new.json"), { method: "PUT", body: "" })).status).toBe(200);
  });

  test("conditions that don't hold are 412 and change nothing", async () => {
    const hash = stage.system.files.put("guarded", "first");
    const put = (headers: Record<string, string>) =>
      stage.ask(at("guarded"), { method: "PUT", body: "second", headers });
    for (const headers of [
      { "if-match": `"${"0".repeat(64)}"` },
      { "if-match": '"a", "b"' },
      { "if-match": `W/"${hash}"` },
      { "if-none-match": "*" },
    ]) {
      const response = await put(headers);
      expect([response.status, await response.json()]).toMatchObject([412, { code: "conflict" }]);
    }
    expect((await stage.ask(at("absent"), { method: "PUT", body: "x", headers: { "if-match": "*" } })).status).toBe(
      412,
    );
    expect(stage.system.files.files.get("guarded")?.hash).toBe(hash);
    expect((await put({ "if-match": `"${hash}"` })).status).toBe(200);
    expect((await put({ "if-match": "*" })).status).toBe(200);
    expect((await stage.ask(at("fresh"), { method: "PUT", body: "x", headers: { "if-none-match": "*" } })).status).toBe(
      201,
    );
  });

  test("deletes, also on a condition", async () => {
    stage.system.files.put("gone", "x");
    expect(
      (await stage.ask(at("gone"), { method: "DELETE", headers: { "if-match": `"${"0".repeat(64)}"` } })).status,
    ).toBe(412);
    expect((await stage.ask(at("gone"), { method: "DELETE" })).status).toBe(200);
    expect((await stage.ask(at("gone"), { method: "DELETE" })).status).toBe(404);
  });

  test("moves, never onto something", async () => {
    stage.system.files.put("here", "x");
    stage.system.files.put("taken", "y");
    const move = (from: string, to: string) => stage.ask("/api/v1/files/move", { method: "POST", json: { from, to } });
    expect((await move("here", "taken")).status).toBe(409);
    expect((await move("here", "../out")).status).toBe(400);
    expect(await (await move("here", "there")).json()).toMatchObject({ path: "there" });
    expect((await move("here", "elsewhere")).status).toBe(404);
  });
});

describe("large files", () => {
  const MIB = 1_048_576;

  async function peakOf(work: () => Promise<void>): Promise<number> {
    const before = process.memoryUsage().rss;
    let peak = before;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
    await work();
    clearInterval(timer);
    return (peak - before) / MIB;
  }

  test("300 MB come out whole with bounded memory, a range of them too", async () => {
    stage.system.files.putLarge("large", 300 * MIB);
    let sum = 0;
    const grown = await peakOf(async () => {
      const response = await stage.ask(at("large"));
      for await (const chunk of response.body ?? []) sum += chunk.length;
    });
    expect(sum).toBe(300 * MIB);
    expect(grown).toBeLessThan(150);
    const part = await stage.ask(at("large"), { headers: { range: `bytes=${250 * MIB}-${250 * MIB + 9}` } });
    expect([part.status, (await part.text()).length]).toEqual([206, 10]);
  });

  test("a client that leaves half-way ends the transfer", async () => {
    stage.system.files.putLarge("left", 300 * MIB);
    const leave = new AbortController();
    const response = await stage.ask(at("left"), { signal: leave.signal });
    await response.body?.getReader().read();
    leave.abort();
    expect((await stage.ask("/healthz")).status).toBe(200);
  });

  test("100 MB go in whole, more is 413 whether announced or not", async () => {
    const block = new Uint8Array(MIB).fill(7);
    const stream = (blocks: number) => {
      let left = blocks;
      return new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (left-- > 0) controller.enqueue(block);
          else controller.close();
        },
      });
    };
    const put = (blocks: number) =>
      stage.ask(at("big"), { method: "PUT", body: stream(blocks), duplex: "half" } as never);
    const small = await put(10);
    const expected = createHash("sha256");
    for (let n = 0; n < 10; n += 1) expected.update(block);
    expect([small.status, await small.json()]).toMatchObject([
      201,
      { sizeBytes: 10 * MIB, hash: expected.digest("hex") },
    ]);
    const grown = await peakOf(async () => {
      expect((await put(100)).status).toBe(200);
    });
    expect(grown).toBeLessThan(250);
    const chunked = await put(101);
    expect([chunked.status, await chunked.json()]).toMatchObject([413, { code: "too-large" }]);
    const announced = await stage.ask(at("big"), { method: "PUT", body: new Uint8Array(101 * MIB) });
    expect([announced.status, await announced.json()]).toMatchObject([413, { code: "too-large", field: "body" }]);
  });
});
