import { stat, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { readGatewayConfig } from "../src/config.ts";
import { readEvents } from "./parts/read-events.ts";
import { type Stage, startGateway, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ MATRIX_FAILED_LOGINS: "1000", MATRIX_STRANGER_REQUESTS: "100000000" });
  stage.system.sessions.send("main", "hello");
  stage.system.files.put("a.txt", "a");
});
afterAll(() => stage[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** Node's own client: fetch sets Host and Origin as it likes. */
function raw(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, stage.url), { method, headers }, (response) => {
      let body = "";
      response.on("data", (data: Buffer) => (body += data.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on("error", reject);
    request.end();
  });
}

const guarded = [
  ["POST", "/api/v1/messages"],
  ["GET", "/api/v1/sessions"],
  ["GET", "/api/v1/sessions/main"],
  ["GET", "/api/v1/sessions/main/events"],
  ["POST", "/api/v1/sessions/main/stop"],
  ["POST", "/api/v1/sessions/main/retry"],
  ["GET", "/api/v1/approvals"],
  ["POST", "/api/v1/approvals/a_1"],
  ["GET", "/api/v1/files/a.txt"],
  ["HEAD", "/api/v1/files/a.txt"],
  ["PUT", "/api/v1/files/a.txt"],
  ["DELETE", "/api/v1/files/a.txt"],
  ["POST", "/api/v1/files/move"],
  ["GET", "/api/v1/history"],
  ["POST", "/api/v1/undo"],
  ["POST", "/api/v1/redo"],
  ["GET", "/api/v1/status"],
  ["GET", "/api/v1/activity"],
  ["GET", "/api/v1/activity/verify"],
  ["GET", "/api/v1/activity/export"],
  ["GET", "/api/v1/logs"],
  ["POST", "/api/v1/links"],
  ["GET", "/api/v1/devices"],
  ["GET", "/api/v1/secrets"],
  ["PUT", "/api/v1/secrets/NAME"],
  ["DELETE", "/api/v1/secrets/NAME"],
  ["DELETE", `/api/v1/devices/${"0".repeat(64)}`],
  ["POST", "/api/v1/tokens"],
  ["GET", "/api/v1/tokens"],
  ["POST", "/api/v1/tokens/0123456789abcdef/rotate"],
  ["DELETE", "/api/v1/tokens/0123456789abcdef"],
  ["POST", "/api/v1/tokens/owner/rotate"],
  ["GET", "/api/v1/openapi.json"],
  ["GET", "/metrics"],
  ["GET", "/api/v1/ws"],
  ["GET", "/api/v1/apps"],
  ["POST", "/api/v1/apps/water/open"],
  ["POST", "/api/v1/apps/water/storage"],
  ["POST", "/api/v1/apps/water/query"],
  ["GET", "/api/v1/apps/water/files/a.txt"],
  ["HEAD", "/api/v1/apps/water/files/a.txt"],
  ["PUT", "/api/v1/apps/water/files/a.txt"],
  ["DELETE", "/api/v1/apps/water/files/a.txt"],
  ["GET", "/assets/index.js"],
  ["GET", "/icon.svg"],
  ["POST", "/v1/chat/completions"],
  ["GET", "/v1/models"],
  ["GET", "/v1/models/matrix-os"],
  ["GET", "/api/v1/nothing-here"],
  ["GET", "/anything/else"],
] as const;
const open = [
  ["GET", "/healthz", 200],
  ["GET", "/readyz", 200],
  ["GET", "/login", 401],
  ["GET", "/", 401],
] as const;

describe("the owner's token", () => {
  test("is a file of 256 bits that only the owner reads", async () => {
    expect(Buffer.from(stage.token, "base64url").length).toBe(32);
    expect((await stat(join(stage.state, "owner.token"))).mode & 0o777).toBe(0o600);
  });

  test("stays the same for a second gateway on the same state", async () => {
    await using second = await startGateway(stage.broker.url, { MATRIX_STATE: stage.state, MATRIX_PORT: "0" });
    const response = await fetch(`${second.url}/api/v1/status`, {
      headers: { authorization: `Bearer ${stage.token}` },
    });
    expect(response.status).toBe(200);
  });
});

describe.each(guarded)("%s %s", (method, path) => {
  test.each([
    ["no token", {}],
    ["a wrong token", { authorization: "Bearer wrong" }],
    ["another scheme", { authorization: "Basic b3duZXI6" }],
    ["a cookie nobody has", { cookie: "matrix=x" }],
  ])("with %s: 401, and nothing else is told", async (_name, headers) => {
    const { status, headers: answered, body } = await raw(method, path, headers);
    expect(status).toBe(401);
    expect(answered["www-authenticate"]).toMatch(/^Bearer/);
    if (method !== "HEAD")
      expect(JSON.parse(body)).toMatchObject(
        path.startsWith("/v1") ? { error: { code: "unauthorized" } } : { code: "unauthorized" },
      );
  });

  test("the token in the address does not count", async () => {
    expect((await raw(method, `${path}?token=${stage.token}&access_token=${stage.token}`, {})).status).toBe(401);
  });
});

describe.each([...guarded, ...open].map(([method, path]): [string, string] => [method, path]))(
  "%s %s",
  (method, path) => {
    const authorization = () => `Bearer ${stage.token}`;

    test.each(["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", "0.0.0.0:4400"])(
      "Host %s: 403",
      async (host) => {
        expect((await raw(method, path, { authorization: authorization(), host })).status).toBe(403);
      },
    );

    test.each(["https://evil.example", "null", "http://127.0.0.1:1", "file://"])("Origin %s: 403", async (origin) => {
      const { status, headers } = await raw(method, path, { authorization: authorization(), origin });
      expect(status).toBe(403);
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    });

    test("what another site's page embeds: 403", async () => {
      expect(
        (
          await raw(method, path, {
            authorization: authorization(),
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "no-cors",
          })
        ).status,
      ).toBe(403);
    });

    test("carries the security headers", async () => {
      const { headers } = await raw(method, path, {});
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
      });
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
    });
  },
);

describe("hosts and origins of its own", () => {
  test.each(["127.0.0.1", "[::1]"])("%s is allowed, with an origin too", async (name) => {
    const host = `${name}:${new URL(stage.url).port}`;
    const { status } = await raw("GET", "/api/v1/status", {
      authorization: `Bearer ${stage.token}`,
      host,
      origin: `http://${host}`,
    });
    expect(status).toBe(200);
  });

  test.each(open)("%s %s answers anybody with %i", async (method, path, expected) => {
    expect((await raw(method, path, {})).status).toBe(expected);
  });
});

async function createLink(): Promise<string> {
  const response = await stage.ask("/api/v1/links", { method: "POST" });
  expect(response.status).toBe(201);
  const { url } = (await response.json()) as { url: string };
  return url;
}

async function logIn(): Promise<string> {
  const response = await fetch(await createLink(), { redirect: "manual", headers: { "user-agent": "test browser" } });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("login links", () => {
  test("log a browser in once: cookie, way to the first page, no trace of the code", async () => {
    const url = await createLink();
    expect(url).toMatch(new RegExp(`^${stage.url}/login\\?code=`));
    const response = await fetch(url, { redirect: "manual" });
    expect([response.status, response.headers.get("location"), response.headers.get("referrer-policy")]).toEqual([
      303,
      "/",
      "no-referrer",
    ]);
    expect(response.headers.get("set-cookie")).toMatch(
      /^matrix-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=7776000$/,
    );
    expect((await fetch(url, { redirect: "manual" })).status).toBe(401);
  });

  test("of forty at the same time one gets in", async () => {
    const url = await createLink();
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(url, { redirect: "manual" })));
    expect(answers.filter(({ status }) => status === 303).length).toBe(1);
  });

  test("an expired one is refused", async () => {
    const url = new URL(await createLink());
    const { toDigest } = await import("../src/auth/secrets.ts");
    const file = join(stage.state, "auth", "links", toDigest(url.searchParams.get("code") ?? ""));
    await writeFile(file, new Date(Date.now() - 1).toISOString());
    expect((await fetch(url, { redirect: "manual" })).status).toBe(401);
  });

  test("the page of a stranger names the command, the page of a logged-in browser the model", async () => {
    const stranger = await fetch(stage.url);
    expect(await stranger.text()).toContain("matrixos link");
    const owner = await fetch(stage.url, { headers: { cookie: await logIn() } });
    expect([owner.status, owner.headers.get("content-security-policy")]).toEqual([
      200,
      expect.stringContaining("style-src 'sha256-"),
    ]);
    expect(await owner.text()).toContain("rehearsal-1");
  });
});

describe("devices", () => {
  test("are listed, and one can be logged out", async () => {
    const cookie = await logIn();
    const { devices } = (await (await stage.ask("/api/v1/devices", { headers: { cookie } })).json()) as {
      devices: { id: string; current: boolean }[];
    };
    const own = devices.find(({ current }) => current);
    expect(own).toMatchObject({ userAgent: "test browser" });
    expect((await stage.ask(`/api/v1/devices/${own?.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await stage.ask("/api/v1/status", { headers: { cookie } })).status).toBe(401);
    expect((await stage.ask(`/api/v1/devices/${own?.id}`, { method: "DELETE" })).status).toBe(404);
  });

  test("the state holds no cookie, only digests", async () => {
    const cookie = (await logIn()).split("=")[1] ?? "";
    const { devices } = (await (await stage.ask("/api/v1/devices")).json()) as { devices: { id: string }[] };
    expect(JSON.stringify(devices)).not.toContain(cookie);
  });

  test.each(["this gateway", "another gateway"])(
    "logging out at %s ends open sockets and streams within a second",
    async (where) => {
      await using second = await startGateway(stage.broker.url, { MATRIX_STATE: stage.state, MATRIX_PORT: "0" });
      const response = await fetch(await createLink(), { redirect: "manual" });
      const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
      const socket = new WebSocket(`${stage.url.replace("http", "ws")}/api/v1/ws`, {
        headers: { cookie, origin: stage.url },
      });
      const closed = new Promise((resolve) => socket.once("close", resolve));
      await new Promise((resolve) => socket.once("message", resolve));
      const events = readEvents(await stage.ask("/api/v1/sessions/main/events", { headers: { cookie } }));
      const ended = events.next().catch(() => "cut off");
      const { devices } = (await (await stage.ask("/api/v1/devices", { headers: { cookie } })).json()) as {
        devices: { id: string; current: boolean }[];
      };
      const id = devices.find(({ current }) => current)?.id;
      const at = performance.now();
      const base = where === "this gateway" ? stage.url : second.url;
      await fetch(`${base}/api/v1/devices/${id}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${stage.token}` },
      });
      await Promise.all([closed, ended]);
      expect(performance.now() - at).toBeLessThan(5_000);
    },
  );
});

describe("wrong tokens", () => {
  test("after five in a minute the address has to wait, the owner has not", async () => {
    await using strict = await startGateway(stage.broker.url, { MATRIX_STATE: stage.state, MATRIX_PORT: "0" });
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const response = await fetch(`${strict.url}/api/v1/status`, { headers: { authorization: `Bearer wrong${n}` } });
      statuses.push(response.status);
      if (response.status === 429) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(50);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await fetch(`${strict.url}/login?code=wrong`)).status).toBe(429);
    expect(
      (await fetch(`${strict.url}/api/v1/status`, { headers: { authorization: `Bearer ${stage.token}` } })).status,
    ).toBe(200);
  });
});

describe("the address", () => {
  test.each(["0.0.0.0", "::", "192.168.1.5", "example.com"])("%s without TLS is refused at the start", (host) => {
    expect(() => readGatewayConfig({ MATRIX_HOST: host })).toThrow(/MATRIX_HOST: .*MATRIX_TLS_CERT/);
    expect(readGatewayConfig({ MATRIX_HOST: host, MATRIX_TLS_CERT: "c", MATRIX_TLS_KEY: "k" }).tls).toEqual({
      certPath: "c",
      keyPath: "k",
    });
  });

  test("half a TLS setting names the other half", () => {
    expect(() => readGatewayConfig({ MATRIX_TLS_CERT: "c" })).toThrow(/MATRIX_TLS_KEY/);
  });
});
