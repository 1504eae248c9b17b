import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ApiToken, FreshToken } from "@matrix-os/contracts/api/tokens";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asOwner, bearer, makeToken, readOwner } from "./parts/identities.ts";
import { readEvents } from "./parts/read-events.ts";
import { openSocket } from "./parts/open-socket.ts";
import { type Stage, startGateway, startStage } from "./parts/start-gateway.ts";

/** The promise is one second; a busy machine gets more. */
const ENDED_WITHIN_MS = 5_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ MATRIX_FAILED_LOGINS: "100000", MATRIX_STRANGER_REQUESTS: "100000000" });
  stage.system.sessions.send("main", "hello");
  for (const path of ["a.txt", "system/config.json", "agents/a.md", "apps/water/index.html"])
    stage.system.files.put(path, "a");
  stage.system.files.put("apps/water/app.json", JSON.stringify({ name: "Water" }));
});
afterAll(() => stage[Symbol.asyncDispose]());

async function manage(path: string, init: Parameters<Stage["ask"]>[1] = {}): Promise<Response> {
  return await stage.ask(`/api/v1/tokens${path}`, { method: "POST", ...init, headers: await asOwner(stage) });
}

async function list(): Promise<ApiToken[]> {
  const { tokens } = (await (await manage("", { method: "GET" })).json()) as { tokens: ApiToken[] };
  return tokens;
}

const statusOf = async (token: string, path = "/api/v1/status", init: RequestInit = {}) =>
  (await fetch(new URL(path, stage.url), { ...init, headers: bearer(token) })).status;

describe("a token", () => {
  test("is told once; what is kept is its digest, for the owner's eyes only", async () => {
    const made = await makeToken(stage, "read", "files");
    expect(made.token).toMatch(/^mx_[0-9a-f]{16}_[\w-]{43}$/);
    expect(Buffer.from(made.token.slice(20), "base64url").length).toBe(32);
    const folder = join(stage.state, "auth", "tokens");
    const path = join(folder, `${made.id}.json`);
    const names = await readdir(folder);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    expect(names.length).toBeGreaterThanOrEqual(1);
    expect(texts.join("")).not.toContain(made.token.slice(20));
    expect([(await stat(folder)).mode & 0o777, (await stat(path)).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(JSON.stringify(await list())).not.toContain(made.token.slice(20));
    expect(JSON.stringify(stage.system.activity)).not.toContain(made.token.slice(20));
  });

  test("is listed with its scopes, its end, and when it was used", async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const made = (await (
      await manage("", { json: { name: "backup", scopes: ["files", "files"], expiresAt } })
    ).json()) as FreshToken;
    const find = async () => (await list()).find(({ id }) => id === made.id);
    expect(await find()).toEqual({
      id: made.id,
      name: "backup",
      scopes: ["files"],
      createdAt: made.createdAt,
      expiresAt,
    });
    await statusOf(made.token);
    expect((await find())?.lastUsedAt).toMatch(/^\d{4}-/);
  });

  test.each([
    [{ name: "", scopes: ["read"] }, "name"],
    [{ name: "../x", scopes: ["read"] }, "name"],
    [{ name: "x", scopes: [] }, "scopes"],
    [{ name: "x", scopes: ["owner"] }, "scopes.0"],
    [{ name: "x", scopes: ["read"], expiresAt: "2020-01-01T00:00:00.000Z" }, "expiresAt"],
    [{ name: "x", scopes: ["read"], expiresAt: "soon" }, "expiresAt"],
  ])("that can't be is refused by its field: %j", async (json, field) => {
    const response = await manage("", { json });
    expect([response.status, ((await response.json()) as { field: string }).field]).toEqual([400, field]);
  });

  test("that is not there can't be renewed or removed", async () => {
    for (const path of ["/0123456789abcdef", "/none", "/owner"]) {
      expect((await manage(path, { method: "DELETE" })).status).toBe(404);
      if (path !== "/owner") expect((await manage(`${path}/rotate`)).status).toBe(404);
    }
  });

  test("that its holder changes in any place lets nobody in", async () => {
    const { token } = await makeToken(stage, "admin");
    expect(await statusOf(token)).toBe(200);
    for (const wrong of [token.slice(0, -1), `${token}a`, token.toUpperCase(), token.replace("mx_", "mx-")])
      expect(await statusOf(wrong)).toBe(401);
    for (let at = 3; at < token.length; at += 5)
      expect(await statusOf(`${token.slice(0, at)}${token[at] === "a" ? "b" : "a"}${token.slice(at + 1)}`)).toBe(401);
  });

  test("what happens to it stands in the activity log, its name and no secret", async () => {
    const made = await makeToken(stage, "apps");
    await manage(`/${made.id}/rotate`);
    await manage(`/${made.id}`, { method: "DELETE" });
    const told = () =>
      stage.system.activity.filter(({ kind }) => kind === "token").map(({ summary, by }) => `${by}: ${summary}`);
    // It is told beside the answer, not before it.
    await expect
      .poll(told, { timeout: 20_000 })
      .toEqual(
        expect.arrayContaining([
          "owner: token for apps made for apps",
          "owner: token for apps renewed",
          "owner: token for apps removed",
        ]),
      );
  });
});

describe("the home", () => {
  const put = (token: string, path: string) => statusOf(token, `/api/v1/files/${path}`, { method: "PUT", body: "x" });
  const protectedPaths = [
    "system/config.json",
    "system/policy/x",
    "SYSTEM/config.json",
    "agents/a.md",
    "skills/x/SKILL.md",
  ];

  test.each(protectedPaths)("%s is changed by a token with admin only", async (path) => {
    const [files, admin] = [
      await makeToken(stage, "files", "read", "apps", "messages"),
      await makeToken(stage, "admin"),
    ];
    expect(await put(files.token, path)).toBe(403);
    expect(await statusOf(files.token, `/api/v1/files/${path}`, { method: "DELETE" })).toBe(403);
    expect(await put(admin.token, path)).toBeLessThan(300);
  });

  test("can't be moved into or out of them either, nor through an encoded name", async () => {
    const { token } = await makeToken(stage, "files");
    const move = async (from: string, to: string) =>
      (await stage.ask("/api/v1/files/move", { method: "POST", json: { from, to }, headers: bearer(token) })).status;
    expect([await move("a.txt", "system/a"), await move("agents", "b"), await move("system", "b")]).toEqual([
      403, 403, 403,
    ]);
    expect(await put(token, "%73ystem/config.json")).toBe(403);
    expect(await put(token, "notes/system.txt")).toBeLessThan(300);
  });

  test("a token that may not read conversations does not find them among the files", async () => {
    const [files, reading] = [await makeToken(stage, "files"), await makeToken(stage, "read")];
    const path = "/api/v1/files/system/config.json";
    expect([await statusOf(files.token, path), await statusOf(reading.token, path)]).toEqual([403, 200]);
    expect(await statusOf(files.token, path, { method: "HEAD" })).toBe(403);
    const names = async (token: string) =>
      await (await stage.ask("/api/v1/files/?depth=9", { headers: bearer(token) })).text();
    expect(await names(files.token)).not.toContain("system/");
    expect(await names(reading.token)).toContain("system/config.json");
  });
});

describe.each(["this gateway", "another gateway"])("at %s", (where) => {
  let second: AsyncDisposable & { url: string };
  let base: string;
  beforeAll(async () => {
    second = await startGateway(stage.broker.url, { MATRIX_STATE: stage.state, MATRIX_PORT: "0" });
  });
  afterAll(() => second[Symbol.asyncDispose]());
  beforeEach(() => {
    base = where === "this gateway" ? stage.url : second.url;
  });

  const ends: [string, (token: FreshToken) => Promise<string>][] = [
    [
      "a token that is removed",
      async (token) => {
        await fetch(`${base}/api/v1/tokens/${token.id}`, { method: "DELETE", headers: await asOwner(stage) });
        return token.token;
      },
    ],
    [
      "a token that is renewed",
      async (token) => {
        const headers = await asOwner(stage);
        const renewed = await fetch(`${base}/api/v1/tokens/${token.id}/rotate`, { method: "POST", headers });
        const { token: fresh } = (await renewed.json()) as FreshToken;
        expect(await statusOf(fresh, `${base}/api/v1/status`)).toBe(200);
        return token.token;
      },
    ],
    [
      "the owner's token that is renewed",
      async () => {
        const old = await readOwner(stage);
        const response = await fetch(`${base}/api/v1/tokens/owner/rotate`, { method: "POST", headers: bearer(old) });
        expect(((await response.json()) as { token: string }).token).toBe(await readOwner(stage));
        return old;
      },
    ],
  ];

  test.each(ends)("%s is refused within a second, what it has open ends", async (name, end) => {
    const made = await makeToken(stage, "admin");
    const used = name.startsWith("the owner") ? await readOwner(stage) : made.token;
    expect([await statusOf(used), await statusOf(used, `${second.url}/api/v1/status`)]).toEqual([200, 200]);
    const socket = await openSocket(stage.url, bearer(used));
    if (typeof socket === "number") throw new Error(`refused: ${socket}`);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const events = readEvents(await stage.ask("/api/v1/sessions/main/events", { headers: bearer(used) }));
    const cut = events.next().then(
      ({ done }) => done,
      () => true,
    );
    const opened = await stage.ask("/api/v1/apps/water/open", { method: "POST", headers: bearer(used) });
    const { url: address } = (await opened.json()) as { url: string };
    const old = await end(made);
    const at = performance.now();
    const stillOpen = delay(ENDED_WITHIN_MS, "still open");
    expect(await Promise.race([cut, stillOpen])).toBe(true);
    expect(await Promise.race([closed, stillOpen])).not.toBe("still open");
    await untilRefused(() => statusOf(old), 401);
    await untilRefused(() => statusOf(old, `${second.url}/api/v1/status`), 401);
    await untilRefused(async () => (await fetch(address)).status, 404);
    expect(performance.now() - at).toBeLessThan(ENDED_WITHIN_MS);
    expect(await statusOf(await readOwner(stage))).toBe(200);
  });
});

async function untilRefused(ask: () => Promise<number>, status: number): Promise<void> {
  const until = performance.now() + ENDED_WITHIN_MS;
  while (performance.now() < until) {
    if ((await ask()) === status) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await ask()).toBe(status);
}

test("a token's end comes by itself, for what it has open too", async () => {
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const made = (await (
    await manage("", { json: { name: "short", scopes: ["read"], expiresAt } })
  ).json()) as FreshToken;
  const socket = await openSocket(stage.url, bearer(made.token));
  if (typeof socket === "number") throw new Error(`refused: ${socket}`);
  await new Promise((resolve) => socket.once("close", resolve));
  expect(await statusOf(made.token)).toBe(401);
  expect((await list()).map(({ id }) => id)).not.toContain(made.id);
});

test("there are at most a hundred", async () => {
  const before = (await list()).length;
  let status = 201;
  for (let n = before; n <= 110 && status === 201; n += 1)
    ({ status } = await manage("", { json: { name: `n ${n}`, scopes: ["read"] } }));
  expect([status, (await list()).length <= 100]).toEqual([503, true]);
});

test("nothing of all this was our own error", () => {
  expect(stage.errors).toEqual([]);
});
