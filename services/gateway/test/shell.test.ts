import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askHost } from "./parts/ask-host.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

const index = `<!doctype html><script type="module" src="/assets/index-abc123.js"></script>`;
const script = `console.log("${"shell ".repeat(500)}")`;

let stage: Stage;
let shell: string;
beforeAll(async () => {
  shell = await mkdtemp(join(tmpdir(), "gateway-shell-"));
  await mkdir(join(shell, "assets"));
  await Promise.all([
    writeFile(join(shell, "index.html"), index),
    writeFile(join(shell, "icon.svg"), "<svg/>"),
    writeFile(join(shell, "assets", "index-abc123.js"), script),
    writeFile(join(shell, "assets", "packed.js"), script),
    writeFile(join(shell, "assets", "packed.js.br"), brotliCompressSync(script)),
    writeFile(join(shell, "..", `${shell.split("/").at(-1)}.secret.txt`), "secret"),
  ]);
  stage = await startStage({ MATRIX_SHELL: shell });
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await rm(shell, { recursive: true });
  await rm(`${shell}.secret.txt`);
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  askHost({
    gateway: stage.url,
    url: new URL(path, stage.url),
    method,
    headers: { authorization: `Bearer ${stage.token}`, ...headers },
  });

describe("the shell's page", () => {
  test("is for who is logged in; a stranger gets the login page", async () => {
    expect(await get("/")).toMatchObject({ status: 200, body: index, headers: { "cache-control": "no-cache" } });
    const stranger = await fetch(stage.url);
    expect([stranger.status, await stranger.text()]).toEqual([401, expect.stringContaining("matrixos link")]);
    expect((await fetch(new URL("/assets/index-abc123.js", stage.url))).status).toBe(401);
  });

  test("may load its own build, talk to this gateway, and frame the apps' host", async () => {
    const { port } = new URL(stage.url);
    const policy = String((await get("/")).headers["content-security-policy"]).split("; ");
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        `script-src ${stage.url}/assets/`,
        `style-src ${stage.url}/assets/`,
        `connect-src 'self' ws://127.0.0.1:${port}`,
        `frame-src http://localhost:${port}/a/`,
        "frame-ancestors 'none'",
        "form-action 'none'",
      ]),
    );
  });

  test("is asked for again, and only sent when it is new", async () => {
    const { headers } = await get("/");
    expect((await get("/", { "if-none-match": String(headers["etag"]) })).status).toBe(304);
    await writeFile(join(shell, "index.html"), `${index}<!-- built anew -->`);
    expect(await get("/", { "if-none-match": String(headers["etag"]) })).toMatchObject({
      status: 200,
      body: `${index}<!-- built anew -->`,
    });
    await writeFile(join(shell, "index.html"), index);
  });

  test("answers HEAD", async () => {
    expect(await get("/", {}, "HEAD")).toMatchObject({
      status: 200,
      body: "",
      headers: { "content-length": String(index.length) },
    });
  });
});

describe("its files", () => {
  test("are kept for good, and travel packed where that is understood", async () => {
    const plain = await get("/assets/index-abc123.js");
    expect(plain).toMatchObject({
      status: 200,
      body: script,
      headers: {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "private, max-age=31536000, immutable",
        vary: "accept-encoding",
      },
    });
    const packed = await get("/assets/index-abc123.js", { "accept-encoding": "gzip, deflate, br" });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(Number(packed.headers["content-length"])).toBeLessThan(200);
    expect((await get("/assets/packed.js", { "accept-encoding": "gzip, br" })).headers["content-encoding"]).toBe("br");
    expect(
      (await get("/assets/packed.js", { "accept-encoding": "gzip;q=0, br;q=0.0" })).headers["content-encoding"],
    ).toBeUndefined();
    expect((await get("/icon.svg")).headers["cache-control"]).toBe("no-cache");
  });

  test.each([
    "/assets/nothing.js",
    "/assets/",
    "/assets/..%2findex.html",
    "/assets/..%2f..%2fetc%2fpasswd",
    "/index.html",
    "/assets/.hidden",
    "/nothing.txt",
  ])("%s is not there", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

test("every answer names its correlation", async () => {
  for (const path of ["/", "/healthz", "/api/v1/status", "/nowhere", "/assets/x", "/%zz"])
    expect((await get(path)).headers["x-correlation-id"]).toMatch(/^[0-9a-f]{16}$/);
  const seen = new Set(
    await Promise.all(Array.from({ length: 20 }, async () => (await get("/healthz")).headers["x-correlation-id"])),
  );
  expect(seen.size).toBe(20);
});
