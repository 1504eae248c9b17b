import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askHost } from "./parts/ask-host.ts";
import { type Stage, startGateway, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  const { files } = stage.system;
  files.put("apps/water/app.json", JSON.stringify({ name: "Water", icon: "💧", permissions: ["storage", "sql"] }));
  files.put("apps/water/index.html", "<!doctype html><title>Water</title>");
  files.put("apps/water/app.js", "go()");
  files.put("apps/water/pages/more.html", "<p>more");
  files.put("apps/water/drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
  files.put("apps/broken/app.json", "{");
  files.put("apps/wrong/app.json", JSON.stringify({ name: "" }));
  files.put("apps/bare/index.html", "");
  files.put("apps/lost/app.json", JSON.stringify({ name: "Lost", entry: "start here.html" }));
  files.put("apps/Not An App/app.json", "{}");
  files.put("data/water/notes/a.txt", "hello");
  files.put("data/water/app.sqlite", "SQLite format 3");
  files.put("data/other/secret.txt", "secret");
});
afterAll(() => stage[Symbol.asyncDispose]());

async function open(init: RequestInit = {}): Promise<URL> {
  const response = await stage.ask("/api/v1/apps/water/open", { method: "POST", ...init });
  expect(response.status).toBe(200);
  return new URL(((await response.json()) as { url: string }).url);
}

const get = (url: URL | string, headers: Record<string, string> = {}, method = "GET") =>
  askHost({ gateway: stage.url, url: new URL(url), method, headers });

describe("the list", () => {
  test("has every app, and why some can't be opened", async () => {
    const { apps } = (await (await stage.ask("/api/v1/apps")).json()) as { apps: { app: string; problem?: string }[] };
    expect(apps.map(({ app, problem }) => [app, problem])).toEqual([
      ["bare", "app.json is missing"],
      ["broken", "app.json is not valid JSON"],
      ["lost", undefined],
      ["water", undefined],
      ["wrong", expect.stringMatching(/^app\.json: name: /)],
    ]);
    expect(apps[3]).toMatchObject({ manifest: { name: "Water", icon: "💧", entry: "index.html" } });
  });
});

describe("opening", () => {
  test.each([
    ["nowhere", 404, "not-found"],
    ["broken", 400, "invalid"],
    ["bare", 400, "invalid"],
    ["lost", 400, "invalid"],
    ["UPPER", 400, "invalid"],
    ["..", 404, "not-found"],
  ])("%s answers %i", async (app, status, code) => {
    const response = await stage.ask(`/api/v1/apps/${app}/open`, { method: "POST" });
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  test("answers an address on the apps' host that is new each time", async () => {
    const [one, other] = [await open(), await open()];
    expect(one.host).toBe(`localhost:${new URL(stage.url).port}`);
    expect(one.pathname).toMatch(/^\/a\/[\w-]{60,}\/index\.html$/);
    expect(one.href).not.toBe(other.href);
  });
});

describe("the apps' host", () => {
  test("serves a page with our scripts first, under its own policy", async () => {
    const url = await open();
    const { status, headers, body } = await get(url);
    expect(status).toBe(200);
    expect(body).toMatch(
      /^<!doctype html><script>[\s\S]*<\/script><script>[\s\S]*<\/script><!doctype html><title>Water<\/title>$/,
    );
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "access-control-allow-origin": "*",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-dns-prefetch-control": "off",
    });
    expect(headers["permissions-policy"]).toContain("camera=()");
    expect(headers).not.toHaveProperty("x-frame-options");
    const policy = new Map(
      String(headers["content-security-policy"])
        .split("; ")
        .map((part) => [part.split(" ")[0], part]),
    );
    const base = new URL(".", url).href;
    expect(policy.get("script-src")).toBe(`script-src ${base} 'unsafe-inline' 'wasm-unsafe-eval'`);
    expect(policy.get("frame-ancestors")).toBe(`frame-ancestors ${stage.url}`);
    for (const name of [
      "default-src",
      "connect-src",
      "form-action",
      "frame-src",
      "worker-src",
      "base-uri",
      "object-src",
    ])
      expect(policy.get(name)).toBe(`${name} 'none'`);
    expect(policy.get("sandbox")).toBe("sandbox allow-scripts allow-forms");
    expect(policy.get("require-trusted-types-for")).toBe("require-trusted-types-for 'script'");
  });

  test("serves other files as they are, and lets none of them run as a page", async () => {
    const url = await open();
    expect(await get(new URL("app.js", url))).toMatchObject({ status: 200, body: "go()" });
    const drawing = await get(new URL("drawing.svg", url));
    expect(drawing.headers["content-type"]).toBe("image/svg+xml; charset=utf-8");
    expect(drawing.headers["content-security-policy"]).toMatch(/^sandbox; default-src 'none'/);
    expect((await get(new URL("pages/more.html", url))).body).toMatch(/<p>more$/);
    expect(await get(new URL("matrix.js", url))).toMatchObject({
      status: 200,
      headers: { "content-type": "text/javascript; charset=utf-8" },
    });
    const part = await get(new URL("app.js", url), { range: "bytes=0-1" });
    expect([part.status, part.body]).toEqual([206, "go"]);
  });

  test("answers HEAD", async () => {
    const url = await open();
    expect(await get(url, {}, "HEAD")).toMatchObject({ status: 200, body: "" });
    expect((await get(new URL("app.js", url), {}, "HEAD")).headers["content-length"]).toBe("4");
  });

  test.each(["nothing.js", "pages", "", "%2e%2e/broken/app.json", "..%2fbroken%2fapp.json", "%00", "%zz"])(
    "%j is not there",
    async (name) => {
      const base = (await open()).href.replace("index.html", "");
      const { status, body } = await get(`${base}${name}`);
      expect([400, 404, 409]).toContain(status);
      expect(body).not.toContain("{}");
    },
  );

  test("shows nothing as a page of its own", async () => {
    expect((await get(await open(), { "sec-fetch-dest": "document" })).status).toBe(404);
  });

  test.each([
    "/",
    "/login",
    "/healthz",
    "/metrics",
    "/api/v1/status",
    "/api/v1/openapi.json",
    "/v1/models",
    "/assets/x.js",
    "/a",
    "/a/x",
  ])("%s is 404 there, also for the owner", async (path) => {
    const authorization = `Bearer ${stage.token}`;
    const { status, headers } = await get(new URL(path, (await open()).origin), { authorization });
    expect(status).toBe(404);
    expect(headers["set-cookie"]).toBeUndefined();
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is 404", async (method) => {
    expect((await get(await open(), {}, method)).status).toBe(404);
  });

  test("is not to be found under the shell's name", async () => {
    const { pathname } = await open();
    expect((await stage.ask(pathname)).status).toBe(404);
    expect((await get(new URL(pathname, stage.url))).status).toBe(404);
  });

  test("answers at ::1 too, where browsers look for localhost first", async ({ skip }) => {
    const hasIPv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === "::1"));
    if (!hasIPv6) skip();
    const { port } = new URL(stage.url);
    const answer = await askHost({ gateway: `http://[::1]:${port}`, url: await open(), method: "GET", headers: {} });
    expect(answer.status).toBe(200);
  });

  test("knows no cookie: what counts is the address", async () => {
    const url = await open();
    expect((await get(url, { cookie: "x=y", origin: "null" })).status).toBe(200);
    const forged = url.href.replace(/\/a\/[^/]+/, (path) => `${path.slice(0, -1)}${path.endsWith("A") ? "B" : "A"}`);
    expect((await get(forged, { authorization: `Bearer ${stage.token}` })).status).toBe(404);
  });
});

describe.each(["this gateway", "another gateway"])("logging a device out at %s", (where) => {
  test("ends the addresses that it opened within a second, and no others", async () => {
    await using second = await startGateway(stage.broker.url, { MATRIX_STATE: stage.state, MATRIX_PORT: "0" });
    const link = (await (await stage.ask("/api/v1/links", { method: "POST" })).json()) as { url: string };
    const login = await fetch(link.url, { redirect: "manual" });
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    const [ofDevice, ofOwner] = [await open({ headers: { cookie, origin: stage.url } }), await open()];
    expect((await get(ofDevice)).status).toBe(200);
    const { devices } = (await (await stage.ask("/api/v1/devices", { headers: { cookie } })).json()) as {
      devices: { id: string; current: boolean }[];
    };
    const id = devices.find(({ current }) => current)?.id ?? "";
    const headers = { authorization: `Bearer ${stage.token}` };
    const base = where === "this gateway" ? stage.url : second.url;
    await fetch(`${base}/api/v1/devices/${id}`, { method: "DELETE", headers });
    await expect.poll(async () => (await get(ofDevice)).status, { timeout: 1_000, interval: 50 }).toBe(404);
    expect((await get(ofOwner)).status).toBe(200);
  });
});

describe("data", () => {
  const post = (path: string, json: unknown) => stage.ask(`/api/v1/apps/water/${path}`, { method: "POST", json });

  test("storage keeps values as JSON", async () => {
    expect(await (await post("storage", { do: "set", key: "days", value: [1, { a: null }] })).json()).toEqual({});
    expect(await (await post("storage", { do: "get", key: "days" })).json()).toEqual({ value: [1, { a: null }] });
    expect(await (await post("storage", { do: "get", key: "nothing" })).json()).toEqual({ value: null });
    expect(await (await post("storage", { do: "keys" })).json()).toEqual({ keys: ["days"] });
    expect((await post("storage", { do: "delete", key: "days" })).status).toBe(200);
    expect(await (await post("storage", { do: "keys" })).json()).toEqual({ keys: [] });
  });

  test.each([
    [{ do: "set", key: "a" }, 400],
    [{ do: "set", key: "a", value: "x".repeat(200_000) }, 413],
    [{ do: "set", key: "x".repeat(201), value: 1 }, 400],
    [{ do: "drop" }, 400],
  ])("a storage request that does not fit is refused %#", async (json, status) => {
    expect((await post("storage", json)).status).toBe(status);
  });

  test("a query goes to the app's own database", async () => {
    const statement = { text: "SELECT ?", parameters: [1] };
    expect(await (await post("query", { statement })).json()).toEqual({
      rows: [{ app: "water", ...statement }],
      changedRows: 0,
      truncated: false,
    });
    expect((await post("query", { statement: { text: "" } })).status).toBe(400);
  });
});

describe("data files", () => {
  const at = (path: string) => `/api/v1/apps/water/files/${path}`;

  test("are read, written and deleted below the app's own folder, which is its root", async () => {
    expect(await (await stage.ask(at("notes/a.txt"))).text()).toBe("hello");
    expect((await stage.ask(at("notes/a.txt"), { method: "HEAD" })).headers.get("content-length")).toBe("5");
    const written = await stage.ask(at("b%20c.txt"), { method: "PUT", body: "new" });
    expect([written.status, await written.json()]).toEqual([201, expect.objectContaining({ path: "b c.txt" })]);
    expect(stage.system.files.files.has("data/water/b c.txt")).toBe(true);
    expect(stage.system.files.asked.at(-1)).toMatchObject({ origin: { actor: "app:water" } });
    const list = (await (await stage.ask(`${at("")}?list=1`)).json()) as { entries: { path: string; type: string }[] };
    expect(list.entries.map(({ path, type }) => [path, type])).toEqual([
      ["notes", "folder"],
      ["b c.txt", "file"],
    ]);
    expect(await (await stage.ask(at("b%20c.txt"), { method: "DELETE" })).json()).toMatchObject({ path: "b c.txt" });
  });

  test("an app without data has an empty list", async () => {
    expect(await (await stage.ask("/api/v1/apps/fresh/files/?list=1")).json()).toEqual({
      entries: [],
      truncated: false,
    });
    expect((await stage.ask("/api/v1/apps/fresh/files/folder?list=1")).status).toBe(404);
  });

  test.each(["app.sqlite", "APP.SQLITE", "app.sqlite-wal", "app%2esqlite"])("%s is refused", async (name) => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      const body = method === "PUT" ? { body: "x" } : {};
      expect((await stage.ask(at(name), { method, ...body })).status).toBe(403);
    }
  });

  test.each(["..%2fother%2fsecret.txt", "%2e%2e%2fother%2fsecret.txt", "a%2f..%2f..%2fother%2fsecret.txt", "%00", ""])(
    "%j leads nowhere else",
    async (name) => {
      for (const method of ["GET", "PUT", "DELETE"]) {
        const response = await stage.ask(at(name), { method, ...(method === "PUT" ? { body: "x" } : {}) });
        if (name !== "" || method !== "GET") expect(response.status).toBe(400);
        expect(await response.text()).not.toBe("secret");
      }
      expect(stage.system.files.files.has("data/other/secret.txt")).toBe(true);
    },
  );

  test("more than a request of the bridge can hold is refused, with and without a length", async () => {
    const body = "x".repeat(600_001);
    expect((await stage.ask(at("big"), { method: "PUT", body })).status).toBe(413);
    const stream = new Blob([body]).stream();
    expect((await stage.ask(at("big"), { method: "PUT", body: stream, duplex: "half" })).status).toBe(413);
  });
});

test("nothing of all this was our own error", () => {
  expect(stage.errors).toEqual([]);
});
