import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ MATRIX_HOME: "/home/someone/matrix-os" });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function send(json: unknown, headers: Record<string, string> = {}) {
  const response = await stage.ask("/api/v1/messages", { method: "POST", json, headers });
  return {
    status: response.status,
    body: (await response.json()) as { session: string; message: string; duplicate: boolean },
  };
}

describe("messages", () => {
  test("a message is accepted with its session and turn", async () => {
    const { status, body } = await send({ text: "hello" });
    expect(status).toBe(202);
    expect(body).toEqual({
      session: expect.stringMatching(/^s_/),
      message: expect.stringMatching(/^[0-9a-f]{64}$/),
      duplicate: false,
    });
    const stored = stage.system.sessions.find(body.message)?.message;
    expect(stored?.replyTo).toEqual({ channel: "web", account: "owner", chat: "new" });
    expect(stored?.sender).toBe("owner");
  });

  test("the same key is the same message, in the body or in the header, also when it began a session", async () => {
    const first = await send({ text: "once", idempotencyKey: "k1" });
    const again = await send({ text: "once" }, { "idempotency-key": "k1" });
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    const elsewhere = await send({ text: "once", idempotencyKey: "k1", session: "other" });
    expect(elsewhere.body.duplicate).toBe(false);
  });

  test("a key of 201 characters is refused by its name", async () => {
    const { status, body } = await send({ text: "x" }, { "idempotency-key": "k".repeat(201) });
    expect([status, body]).toMatchObject([400, { field: "Idempotency-Key" }]);
  });
});

describe("sessions", () => {
  test("shows what is finished, what runs as far as it got, and what waits", async () => {
    const { sessions } = stage.system;
    const first = sessions.send("view", "one");
    sessions.begin(first);
    sessions.finish(first, "answer one");
    const second = sessions.send("view", "two");
    const third = sessions.send("view", "three");
    const queued = await (await stage.ask("/api/v1/sessions/view")).json();
    expect(queued).toMatchObject({
      state: "queued",
      total: 2,
      from: 0,
      cursor: `${(sessions.find(first)?.message.arrival ?? 0) + 1}.0`,
    });
    sessions.begin(second);
    sessions.say(second, 1, "working");
    sessions.callTool(second, "call_1");
    const view = (await (await stage.ask("/api/v1/sessions/view")).json()) as {
      state: string;
      messages: unknown[];
      cursor: string;
    };
    expect(view.state).toBe("running");
    expect(view.messages).toMatchObject([
      { role: "user", text: "one" },
      { role: "assistant", text: "answer one", status: "done" },
      { role: "user", text: "two", status: "running" },
      {
        role: "assistant",
        text: "working",
        status: "running",
        steps: [{ call: "call_1", label: "apps/call_1", state: "done" }],
      },
      { role: "user", text: "three", status: "queued" },
    ]);
    expect(view.cursor).toBe(`${sessions.find(second)?.message.arrival}.5`);
    sessions.finish(second, "answer two");
    sessions.finish(third, "", {
      status: "failed",
      error: { kind: "unavailable", code: "model-unreachable", message: "away" },
    });
    const done = await (await stage.ask("/api/v1/sessions/view")).json();
    expect(done).toMatchObject({ state: "failed", total: 6, messages: { length: 6 } });
  });

  test("older messages are paged with from", async () => {
    const page = await (await stage.ask("/api/v1/sessions/view?from=1")).json();
    expect(page).toMatchObject({ from: 1, total: 6, messages: [{ text: "answer one" }, { text: "two" }, {}, {}, {}] });
  });

  test("a long transcript shows its newest fifty", async () => {
    for (let n = 0; n < 40; n += 1) {
      const turn = stage.system.sessions.send("long", `q${n}`);
      stage.system.sessions.begin(turn);
      stage.system.sessions.finish(turn, `a${n}`, { silent: true });
    }
    const view = (await (await stage.ask("/api/v1/sessions/long")).json()) as {
      from: number;
      messages: { text: string }[];
    };
    expect([view.from, view.messages.length, view.messages.at(-1)?.text]).toEqual([30, 50, "a39"]);
  });

  test("are listed with their state", async () => {
    const list = (await (await stage.ask("/api/v1/sessions?limit=10")).json()) as {
      sessions: { id: string; state: string }[];
    };
    expect(list.sessions.find(({ id }) => id === "view")).toMatchObject({ state: "failed", messageCount: 6 });
  });

  test("an unknown session is 404, a name that can't be one is 400", async () => {
    expect((await stage.ask("/api/v1/sessions/nobody")).status).toBe(404);
    const bad = await stage.ask("/api/v1/sessions/no%20body");
    expect([bad.status, await bad.json()]).toMatchObject([400, { field: "session" }]);
  });

  test("stop names the turns that will end", async () => {
    const turn = stage.system.sessions.send("stopping", "long work");
    const response = await stage.ask("/api/v1/sessions/stopping/stop", { method: "POST" });
    expect([response.status, await response.json()]).toEqual([200, { turns: [turn] }]);
  });

  test("a failed last turn is sent again, once", async () => {
    const retry = async () => {
      const response = await stage.ask("/api/v1/sessions/view/retry", {
        method: "POST",
        headers: { "content-type": "application/json" },
      });
      return [response.status, (await response.json()) as { message: string; duplicate: boolean }] as const;
    };
    const [status, first] = await retry();
    expect([status, first.duplicate]).toEqual([202, false]);
    expect(stage.system.sessions.find(first.message)?.message.text).toBe("three");
    expect((await retry())[1]).toMatchObject({ message: first.message, duplicate: true });
    stage.system.sessions.begin(first.message);
    stage.system.sessions.finish(first.message, "now it worked");
    expect(await retry()).toMatchObject([409, { code: "conflict" }]);
  });
});

describe("history and status", () => {
  test("history passes its filter on", async () => {
    expect((await stage.ask("/api/v1/history?limit=5&path=notes/a%20b.md&before=c_9")).status).toBe(200);
    expect(stage.system.files.asked.at(-1)).toEqual({ limit: 5, path: "notes/a b.md", before: "c_9" });
  });

  test("undo and redo work without a body and with an entry", async () => {
    expect((await stage.ask("/api/v1/undo", { method: "POST" })).status).toBe(200);
    expect(stage.system.files.asked.at(-1)).toEqual({ direction: "undo", origin: { actor: "owner" } });
    await stage.ask("/api/v1/redo", { method: "POST", json: { entry: "c_1" } });
    expect(stage.system.files.asked.at(-1)).toEqual({ direction: "redo", entry: "c_1", origin: { actor: "owner" } });
    const nothing = await stage.ask("/api/v1/undo", { method: "POST", json: { entry: "none" } });
    expect([nothing.status, await nothing.json()]).toMatchObject([409, { code: "nothing-to-undo" }]);
  });

  test("status tells model, services and money", async () => {
    expect(await (await stage.ask("/api/v1/status")).json()).toMatchObject({
      model: "rehearsal-1",
      provider: "rehearsal",
      rehearsal: true,
      home: "/home/someone/matrix-os",
      problems: [],
      services: { gateway: "up", dispatcher: "up", kernel: "up", file: "up", tools: "up", vault: "up" },
      sandbox: { level: "bubblewrap" },
      bus: "up",
      spentTodayUsd: 0.5,
      dayBudgetUsd: 10,
    });
  });

  test("an activity log that was changed stands in the status", async () => {
    stage.system.check.broken = { day: "2026-11-24", line: 3, reason: "does not go on from the line before" };
    const { problems } = (await (await stage.ask("/api/v1/status")).json()) as { problems: string[] };
    expect(problems).toEqual(["the activity log was changed at 2026-11-24 line 3; see: matrixos activity verify"]);
    const check = await (await stage.ask("/api/v1/activity/verify")).json();
    expect(check).toMatchObject({ broken: { day: "2026-11-24", line: 3 } });
    delete stage.system.check.broken;
  });

  test("the activity log leaves page by page as JSON lines", async () => {
    const answer = await stage.ask("/api/v1/activity/export");
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await answer.text()).toBe('{"after":""}\n{"after":"2026-11-24.1"}\n');
  });

  test.each(["kind=none", "after=x", "since=yesterday", "limit=0"])(
    "activity with %s is refused by its field",
    async (query) => {
      const answer = await stage.ask(`/api/v1/activity?${query}`);
      expect([answer.status, await answer.json()]).toMatchObject([400, { field: query.split("=")[0] }]);
    },
  );

  test("activity and an empty log", async () => {
    expect(await (await stage.ask("/api/v1/activity?limit=3&kind=turn")).json()).toMatchObject({ verified: true });
    expect(await (await stage.ask("/api/v1/logs")).json()).toEqual({ lines: [], complete: true });
  });

  test("the numbers of the process are served to whoever has a token", async () => {
    await stage.ask("/api/v1/status");
    const answer = await stage.ask("/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(await answer.text()).toContain("# TYPE matrix_message_duration_seconds histogram");
  });

  test("the OpenAPI document describes every route of the contract", async () => {
    const document = (await (await stage.ask("/api/v1/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>;
    };
    expect(document.openapi).toBe("3.1.0");
    for (const [path, operations] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/\{(.+?)\}/g)].map((match) => match[1]);
      for (const { parameters = [] } of Object.values(operations)) {
        expect(
          parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name),
          path,
        ).toEqual(named);
      }
    }
    expect(Object.keys(document.paths).toSorted()).toMatchInlineSnapshot(`
      [
        "/api/v1/activity",
        "/api/v1/activity/export",
        "/api/v1/activity/verify",
        "/api/v1/approvals",
        "/api/v1/approvals/{ask}",
        "/api/v1/apps",
        "/api/v1/apps/{app}/files/{*}",
        "/api/v1/apps/{app}/open",
        "/api/v1/apps/{app}/query",
        "/api/v1/apps/{app}/storage",
        "/api/v1/devices",
        "/api/v1/devices/{device}",
        "/api/v1/files/move",
        "/api/v1/files/{*}",
        "/api/v1/history",
        "/api/v1/links",
        "/api/v1/logs",
        "/api/v1/messages",
        "/api/v1/redo",
        "/api/v1/secrets",
        "/api/v1/secrets/{name}",
        "/api/v1/sessions",
        "/api/v1/sessions/{session}",
        "/api/v1/sessions/{session}/events",
        "/api/v1/sessions/{session}/retry",
        "/api/v1/sessions/{session}/stop",
        "/api/v1/status",
        "/api/v1/tokens",
        "/api/v1/tokens/owner/rotate",
        "/api/v1/tokens/{token}",
        "/api/v1/tokens/{token}/rotate",
        "/api/v1/undo",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{model}",
      ]
    `);
  });

  test("nothing of all this was our own error", () => {
    expect(stage.errors).toEqual([]);
  });
});
