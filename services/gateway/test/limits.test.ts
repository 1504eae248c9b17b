import { type Socket, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { limits } from "../src/auth/limits.ts";
import { bearer, makeToken } from "./parts/identities.ts";
import { type Stage, startGateway, startStage } from "./parts/start-gateway.ts";

const SLOW_MS = 400;
const CUT_WITHIN_MS = 10_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ MATRIX_SLOW_CLIENT_MS: String(SLOW_MS) });
  stage.system.sessions.send("main", "hello");
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A connection that writes what it is told, and how long it lived. */
function dial(): { socket: Socket; text: () => string; closed: Promise<number> } {
  const { hostname, port } = new URL(stage.url);
  const at = performance.now();
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.setEncoding("latin1").on("data", (data) => (text += String(data)));
  socket.on("error", () => undefined);
  const closed = new Promise<number>((resolve) => socket.once("close", () => resolve(performance.now() - at)));
  return { socket, text: () => text, closed };
}

/** Writes a byte now and then, as long as the other side lets it. */
async function drip(socket: Socket, closed: Promise<unknown>): Promise<void> {
  const timer = setInterval(() => socket.write("a"), 50);
  await closed;
  clearInterval(timer);
}

const head = (...lines: string[]) => [...lines, `Host: ${new URL(stage.url).host}`, ""].join("\r\n");

describe("a client that is slow on purpose", () => {
  test("in its head is cut off", async () => {
    const { socket, closed } = dial();
    socket.write(`${head("GET /healthz HTTP/1.1")}X-Slow: `);
    await drip(socket, closed);
    expect(await closed).toBeLessThan(CUT_WITHIN_MS);
  });

  test.each(["POST /api/v1/messages", "PUT /api/v1/files/slow.txt"])("in its body is cut off: %s", async (line) => {
    const { socket, closed } = dial();
    const [auth, length] = [`Authorization: Bearer ${stage.token}`, "Content-Length: 100000"];
    socket.write(`${head(`${line} HTTP/1.1`, auth, length, "Content-Type: application/json")}\r\n{`);
    await drip(socket, closed);
    expect(await closed).toBeLessThan(CUT_WITHIN_MS);
  });

  test("that keeps its connection for nothing loses it", async () => {
    const { socket, text, closed } = dial();
    socket.write(`${head("GET /healthz HTTP/1.1")}\r\n`);
    expect(await closed).toBeLessThan(CUT_WITHIN_MS);
    expect(text()).toContain("200 OK");
  });

  test("but steady gets its file through", async () => {
    const { socket, text, closed } = dial();
    const auth = `Authorization: Bearer ${stage.token}`;
    socket.write(
      `${head("PUT /api/v1/files/steady.txt HTTP/1.1", auth, "Content-Length: 40000", "Connection: close")}\r\n`,
    );
    for (let n = 0; n < 20; n += 1) {
      socket.write("x".repeat(2_000));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await closed;
    expect(text()).toContain("201 Created");
  });
});

test("a head of more than sixteen KiB is refused", async () => {
  const { socket, text, closed } = dial();
  socket.write(`${head("GET /healthz HTTP/1.1", `X-Long: ${"x".repeat(limits.headerBytes)}`)}\r\n`);
  await closed;
  expect(text()).toContain("431 ");
});

describe("rates", () => {
  const status = async (url: string, path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, url), { headers });
    return [response.status, response.headers.get("retry-after") !== null] as const;
  };

  test("an address without a token has so many requests; who has one goes on", async () => {
    await using gateway = await startGateway(stage.broker.url, { MATRIX_STATE: stage.state, MATRIX_PORT: "0" });
    const { burst } = limits.strangerRequests;
    const answers = await Promise.all(Array.from({ length: burst * 2 }, () => status(gateway.url, "/api/v1/status")));
    const [first, rest] = [answers.filter(([code]) => code === 401), answers.filter(([code]) => code === 429)];
    expect(first.length).toBeGreaterThanOrEqual(burst);
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.every(([, hasWait]) => hasWait)).toBe(true);
    const foreign = await Promise.all(
      Array.from({ length: burst }, () => status(gateway.url, "/healthz", { origin: "https://evil.example" })),
    );
    expect(foreign.some(([code]) => code === 429)).toBe(true);
    expect(await status(gateway.url, "/api/v1/status", bearer(stage.token))).toEqual([200, false]);
  });

  test("a token with a name has so many requests, another one has its own", async () => {
    const [one, other] = [await makeToken(stage, "read"), await makeToken(stage, "read")];
    const { burst } = limits.tokenRequests;
    const answers = await Promise.all(
      Array.from({ length: burst * 2 }, () => status(stage.url, "/api/v1/sessions", bearer(one.token))),
    );
    expect(answers.filter(([code]) => code === 200).length).toBeGreaterThanOrEqual(burst);
    expect(answers.filter(([code]) => code === 429).length).toBeGreaterThan(0);
    expect(await status(stage.url, "/api/v1/sessions", bearer(other.token))).toEqual([200, false]);
  });

  test("a token's messages are counted together, over HTTP, the chat routes and a socket", async () => {
    const { token } = await makeToken(stage, "messages");
    const send = async () =>
      (await stage.ask("/api/v1/messages", { method: "POST", json: { text: "hi" }, headers: bearer(token) })).status;
    const sendMany = () => Promise.all(Array.from({ length: limits.tokenMessages.burst + 30 }, send));
    expect(await sendMany()).toContain(429);
    // Two a second come back, so that on a slow machine one may be there again by the time of the next request.
    const isRefused = (ask: () => Promise<unknown>, refusal: object) =>
      expect.poll(async () => (await sendMany(), ask()), { timeout: 10_000 }).toMatchObject(refusal);
    const chat = { model: "x", messages: [{ role: "user", content: "hi" }] };
    await isRefused(() => stage.ask("/v1/chat/completions", { method: "POST", json: chat, headers: bearer(token) }), {
      status: 429,
    });
    await isRefused(() => stage.ask("/api/v1/sessions/main/retry", { method: "POST", headers: bearer(token) }), {
      status: 429,
    });
    const socket = new WebSocket(`${stage.url.replace("http", "ws")}/api/v1/ws`, { headers: bearer(token) });
    await new Promise((resolve) => socket.once("open", resolve));
    let sent = 0;
    const sendFrame = async (): Promise<unknown> => {
      sent += 1;
      socket.send(JSON.stringify({ type: "send", ref: `full${sent}`, text: "hi", idempotencyKey: `ws${sent}` }));
      return JSON.parse(await nextText(socket, `"full${sent}"`));
    };
    await isRefused(sendFrame, { type: "refused", error: { code: "busy" } });
    socket.terminate();
  });

  test("a socket has so many frames", async () => {
    const socket = new WebSocket(`${stage.url.replace("http", "ws")}/api/v1/ws`, { headers: bearer(stage.token) });
    await new Promise((resolve) => socket.once("open", resolve));
    const refused = nextText(socket, "too many requests");
    for (let n = 0; n < limits.socketFrames.burst * 2; n += 1)
      socket.send(JSON.stringify({ type: "ping", ref: `${n}` }));
    expect(JSON.parse(await refused)).toMatchObject({ error: { code: "busy", message: "too many requests" } });
    socket.terminate();
  });
});

function nextText(socket: WebSocket, part: string): Promise<string> {
  return new Promise((resolve) => {
    const hear = (data: unknown) => {
      if (!String(data).includes(part)) return;
      socket.off("message", hear);
      resolve(String(data));
    };
    socket.on("message", hear);
  });
}

test("what was refused stands in the activity log, a flood of it as few lines", async () => {
  await using gateway = await startGateway(stage.broker.url, {
    MATRIX_STATE: stage.state,
    MATRIX_PORT: "0",
    MATRIX_FAILED_LOGINS: "100000",
  });
  const before = stage.system.activity.length;
  for (let n = 0; n < 200; n += 1)
    await fetch(`${gateway.url}/api/v1/status`, { headers: { ...bearer(`wrong-secret-${n}`) } });
  await expect.poll(() => stage.system.activity.length).toBeGreaterThan(before);
  const told = stage.system.activity.slice(before).filter(({ kind }) => kind === "access");
  expect(told.length).toBe(1);
  expect(told[0]?.summary).toBe("refused GET /api/v1/status from 127.0.0.1: the token is not valid");
  expect(JSON.stringify(stage.system.activity)).not.toContain("wrong-secret");
});

test("every limit's number stands in the README", async () => {
  const { readFile } = await import("node:fs/promises");
  const page = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const numbers = Object.values(limits).flatMap((limit) =>
    typeof limit === "number" ? [limit] : [limit.perMinute, limit.burst],
  );
  expect(numbers.length).toBeGreaterThanOrEqual(20);
  expect(numbers.filter((number) => !page.includes(number.toLocaleString("en-US")))).toEqual([]);
});
