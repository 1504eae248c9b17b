import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asOwner, bearer, makeToken } from "./parts/identities.ts";
import { openSocket } from "./parts/open-socket.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

const ARRIVES_WITHIN_MS = 5_000;

let stage: Stage;
let ofToken: Record<string, string>;
let ofOwner: Record<string, string>;
let id: string;

beforeAll(async () => {
  stage = await startStage();
  const made = await makeToken(stage, "admin");
  ({ id } = made);
  [ofToken, ofOwner] = [bearer(made.token), await asOwner(stage)];
});
afterAll(() => stage[Symbol.asyncDispose]());

test.each<[what: string, path: string, init: { method: string; body?: string; json?: unknown }]>([
  ["a write", "/api/v1/files/notes/a.txt", { method: "PUT", body: "x" }],
  ["a deletion", "/api/v1/files/notes/a.txt", { method: "DELETE" }],
  ["a move", "/api/v1/files/move", { method: "POST", json: { from: "notes/a.txt", to: "notes/b.txt" } }],
  ["an undo", "/api/v1/undo", { method: "POST", json: {} }],
  ["a redo", "/api/v1/redo", { method: "POST", json: {} }],
])("%s by a token reaches the file service as the token's, by the owner as the owner's", async (_what, path, init) => {
  const { files } = stage.system;
  const originOf = async (headers: Record<string, string>) => {
    files.put("notes/a.txt", "a");
    files.files.delete("notes/b.txt");
    files.asked.length = 0;
    expect((await stage.ask(path, { ...init, headers })).status).toBeLessThan(300);
    return files.asked.flatMap((request) => (request as { origin?: unknown }).origin ?? []);
  };
  expect(await originOf(ofToken)).toEqual([{ actor: `token:${id}`, taint: ["paired"] }]);
  expect(await originOf(ofOwner)).toEqual([{ actor: "owner" }]);
});

const ways: [way: string, send: (text: string, headers: Record<string, string>) => Promise<unknown>][] = [
  [
    "a message",
    (text, headers) => stage.ask("/api/v1/messages", { method: "POST", json: { text, session: "s" }, headers }),
  ],
  [
    "a question over the chat routes",
    async (text, headers) => {
      const json = { model: "x", stream: true, messages: [{ role: "user", content: text }] };
      const leave = new AbortController();
      const answer = stage.ask("/v1/chat/completions", { method: "POST", json, headers, signal: leave.signal });
      await Promise.race([answer, untilArrived(text)]);
      leave.abort();
      await answer.catch(() => undefined);
    },
  ],
  [
    "a frame of a socket",
    async (text, headers) => {
      const socket = await openSocket(stage.url, headers);
      if (typeof socket === "number") throw new Error(`refused: ${socket}`);
      socket.send(JSON.stringify({ type: "send", ref: "r", text, idempotencyKey: text }));
      await untilArrived(text);
      socket.terminate();
    },
  ],
  [
    "a turn that is sent again",
    async (text, headers) => {
      const { sessions } = stage.system;
      const session = `s_${randomUUID()}`;
      const failed = sessions.send(session, text);
      sessions.begin(failed);
      sessions.finish(failed, "", { status: "failed" });
      await stage.ask(`/api/v1/sessions/${session}/retry`, { method: "POST", headers });
    },
  ],
];

test.each(ways)("%s of a token is labelled and says whose it is, the owner's is not", async (_way, send) => {
  const heard = async (headers: Record<string, string>) => {
    const text = `hello ${randomUUID()}`;
    await send(text, headers);
    const { sender, taint } = await untilArrived(text);
    return { sender, taint };
  };
  expect(await heard(ofToken)).toEqual({ sender: `token:${id}`, taint: ["paired"] });
  expect(await heard(ofOwner)).toEqual({ sender: "owner", taint: undefined });
});

test("an app's words through a token are the app's and the token's", async () => {
  const text = `hello ${randomUUID()}`;
  await stage.ask("/api/v1/messages", { method: "POST", json: { text, app: "water" }, headers: ofToken });
  expect(await untilArrived(text)).toMatchObject({ taint: ["app", "paired"] });
});

test("nothing of all this was our own error", () => {
  expect(stage.errors).toEqual([]);
});

/** The newest message with this text. */
async function untilArrived(text: string) {
  const until = performance.now() + ARRIVES_WITHIN_MS;
  while (performance.now() < until) {
    const turns = [...stage.system.sessions.all.values()].flatMap((session) => session.turns);
    const found = turns.findLast(({ message }) => message.text.includes(text));
    if (found !== undefined) return found.message;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the message never arrived");
}
