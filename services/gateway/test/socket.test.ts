import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { sayNow } from "@matrix-os/bus/publish";
import { replyUndeliveredEvent } from "@matrix-os/contracts/dispatcher/reply-undelivered.event";
import type { ClientFrame, ServerFrame } from "@matrix-os/contracts/shell/frame";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ MATRIX_MAX_SOCKETS: "12" });
});
afterAll(() => stage[Symbol.asyncDispose]());

type Of<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

class Shell implements Disposable {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<number>;
  #wake: () => void = () => undefined;
  #at = 0;

  constructor(headers: Record<string, string> = { authorization: `Bearer ${stage.token}` }) {
    this.socket = new WebSocket(`${stage.url.replace("http", "ws")}/api/v1/ws`, { headers });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data) => {
      this.frames.push(JSON.parse((data as Buffer).toString()) as ServerFrame);
      this.#wake();
    });
  }

  static async open(): Promise<Shell> {
    const shell = new Shell();
    await shell.next("hello");
    return shell;
  }

  say(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next frame of a type; those before it are skipped. */
  async next<Type extends ServerFrame["type"]>(type: Type): Promise<Of<Type>> {
    for (;;) {
      const frame = this.frames[this.#at];
      if (frame === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.#at += 1;
      if (frame.type === type) return frame as Of<Type>;
    }
  }

  async watch(session: string, after?: string): Promise<void> {
    this.say({ type: "watch-session", ref: "w", session, ...(after === undefined ? {} : { after }) });
    await this.next("done");
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

describe("a shell", () => {
  test("is greeted with model and the newest file number", async () => {
    stage.system.files.tell("a.txt");
    using shell = new Shell();
    expect(await shell.next("hello")).toEqual({
      type: "hello",
      version: "0.1.0",
      model: "rehearsal-1",
      rehearsal: true,
      newestFileSeq: stage.system.files.changes.length,
    });
  });

  test("sends a message, once for a key, and hears its session", async () => {
    using shell = await Shell.open();
    shell.say({ type: "send", ref: "1", text: "hello", idempotencyKey: "k" });
    const accepted = await shell.next("accepted");
    expect(accepted).toMatchObject({ ref: "1", duplicate: false });
    shell.say({ type: "send", ref: "2", text: "hello", idempotencyKey: "k" });
    expect(await shell.next("accepted")).toEqual({ ...accepted, ref: "2", duplicate: true });
    await shell.watch(accepted.session);
    const { sessions } = stage.system;
    sessions.begin(accepted.message);
    expect((await shell.next("session-event")).event).toMatchObject({ type: "message", text: "hello" });
    sessions.delta(accepted.message, { step: 1, number: 0, text: "Hi" });
    expect(await shell.next("delta")).toMatchObject({ session: accepted.session, turn: accepted.message, text: "Hi" });
    const behind = sessions.send(accepted.session, "and then");
    expect(await shell.next("queued")).toEqual({
      type: "queued",
      session: accepted.session,
      message: behind,
      text: "and then",
    });
    sessions.say(accepted.message, 1, "Hi.");
    sessions.finish(accepted.message, "Hi.");
    expect((await shell.next("session-event")).event).toMatchObject({ type: "text", text: "Hi." });
    shell.say({ type: "stop", ref: "3", session: accepted.session });
    await shell.next("done");
  });

  test("is told of an answer that could not be delivered, whichever session it looks at", async () => {
    using shell = await Shell.open();
    const reply = replyUndeliveredEvent.example;
    sayNow(stage.system.bus.connection, { contract: replyUndeliveredEvent, key: reply.session, body: reply });
    expect(await shell.next("reply-undelivered")).toEqual({ type: "reply-undelivered", ...reply });
  });

  test("is told of every session that begins or rests, watched or not", async () => {
    using shell = await Shell.open();
    const { sessions } = stage.system;
    const first = sessions.send("elsewhere", "one");
    const second = sessions.send("elsewhere", "two");
    expect(await shell.next("session-changed")).toEqual({
      type: "session-changed",
      session: "elsewhere",
      state: "running",
    });
    await shell.next("session-changed");
    for (const [turn, state] of [
      [first, "running"],
      [second, "idle"],
    ] as const) {
      sessions.begin(turn);
      sessions.finish(turn, "done");
      expect(await shell.next("session-changed")).toMatchObject({ session: "elsewhere", state });
    }
    expect(shell.frames.some(({ type }) => type === "session-event")).toBe(false);
  });

  test("resumes a session after the last event it saw, nothing lost, nothing twice", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("resumed", "long");
    sessions.begin(turn);
    for (let step = 1; step <= 5; step += 1) sessions.say(turn, step, `step ${step}`);
    const { arrival } = sessions.find(turn)?.message ?? { arrival: 0 };
    const cursors: string[] = [];
    let after: string | undefined = `${arrival}.0`;
    for (let round = 0; round < 6; round += 1) {
      using shell = await Shell.open();
      await shell.watch("resumed", after);
      const { event } = await shell.next("session-event");
      cursors.push(event.cursor);
      after = event.cursor;
    }
    expect(cursors).toEqual([2, 3, 4, 5, 6, 7].map((n) => `${arrival}.${n}`));
  });

  test("unwatched, a session is silent again", async () => {
    using shell = await Shell.open();
    const turn = stage.system.sessions.send("quiet", "x");
    await shell.watch("quiet");
    shell.say({ type: "unwatch-session", ref: "u", session: "quiet" });
    await shell.next("done");
    stage.system.sessions.begin(turn);
    shell.say({ type: "ping", ref: "p" });
    await shell.next("done");
    expect(shell.frames.some(({ type }) => type === "session-event")).toBe(false);
  });
});

describe("files", () => {
  test("changes come in order, also those that the bus lost", async () => {
    using shell = await Shell.open();
    shell.say({ type: "watch-files", ref: "f" });
    await shell.next("done");
    const { files } = stage.system;
    const first = files.tell("one");
    expect((await shell.next("files-changed")).change).toEqual(first);
    files.loseEvents = true;
    const lost = files.tell("two");
    files.loseEvents = false;
    const third = files.tell("three");
    expect((await shell.next("files-changed")).change).toEqual(lost);
    expect((await shell.next("files-changed")).change).toEqual(third);
  });

  test("are replayed from a number; what is no longer kept is told as a gap", async () => {
    const { files } = stage.system;
    for (let n = 0; n < 250; n += 1) files.changes.push({ ...files.tell("x"), seq: files.changes.length + 1 });
    files.changes.forEach((change, index) => Object.assign(change, { seq: index + 1 }));
    using shell = await Shell.open();
    shell.say({ type: "watch-files", ref: "f", after: 2 });
    const seqs: number[] = [];
    while (seqs.length < files.changes.length - 2) seqs.push((await shell.next("files-changed")).change.seq);
    expect(seqs).toEqual(Array.from({ length: files.changes.length - 2 }, (_, index) => index + 3));
    files.forgotten = 100;
    shell.say({ type: "watch-files", ref: "g", after: 5 });
    expect(await shell.next("files-gap")).toEqual({ type: "files-gap", newest: files.changes.length });
    files.forgotten = 0;
  });
});

describe("refusals", () => {
  test.each([
    ["not JSON", "{", { code: "invalid", field: "body" }],
    ["an unknown type", '{"type":"dance","ref":"r"}', { code: "invalid", field: "type" }],
    ["a missing field", '{"type":"send","ref":"r","text":"x"}', { code: "invalid", field: "idempotencyKey" }],
    ["an unknown session", '{"type":"watch-session","ref":"r","session":"nobody"}', { code: "not-found" }],
  ])("%s is refused and the talk goes on", async (_name, text, error) => {
    using shell = await Shell.open();
    shell.socket.send(text);
    expect(await shell.next("refused")).toMatchObject({ ref: text === "{" ? "" : "r", error });
    shell.say({ type: "ping", ref: "p" });
    expect(await shell.next("done")).toMatchObject({ ref: "p" });
  });

  test("bytes are refused, a frame of more than 64 KiB ends the talk", async () => {
    using shell = await Shell.open();
    shell.socket.send(Buffer.from("{}"), { binary: true });
    await shell.next("refused");
    shell.say({ type: "ping", ref: "x".repeat(70_000) });
    expect(await shell.closed).toBe(1009);
  });

  test("a socket watches at most 64 sessions", async () => {
    using shell = await Shell.open();
    for (let n = 0; n < 65; n += 1) {
      stage.system.sessions.send(`many-${n}`, "x");
      shell.say({ type: "watch-session", ref: String(n), session: `many-${n}` });
      if (n < 64) await shell.next("done");
    }
    expect(await shell.next("refused")).toMatchObject({ ref: "64", error: { code: "busy" } });
  });

  test("a page over HTTP is told that this is a WebSocket; too many sockets are refused", async () => {
    expect((await stage.ask("/api/v1/ws")).status).toBe(426);
    const shells = await Promise.all(Array.from({ length: 12 }, () => Shell.open()));
    const status = await new Promise((resolve) => {
      const extra = new Shell();
      extra.socket.once("unexpected-response", (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(503);
    for (const shell of shells) shell[Symbol.dispose]();
    await Promise.all(shells.map(({ closed }) => closed));
    await expect
      .poll(async () => {
        const again = new Shell();
        const opened = await Promise.race([again.next("hello").then(() => true), again.closed.then(() => false)]);
        again[Symbol.dispose]();
        return opened;
      })
      .toBe(true);
  });

  test.each([{}, { authorization: "Bearer wrong" }, { "sec-websocket-protocol": "bearer.token" }])(
    "nobody without a token: %j",
    async (headers) => {
      const shell = new Shell(headers);
      const status = await new Promise((resolve) =>
        shell.socket.once("unexpected-response", (_request, response) => resolve(response.statusCode)),
      );
      expect(status).toBe(401);
    },
  );
});

describe("a client that does not read", () => {
  const big = "x".repeat(200_000);

  test("is cut off, and resumes where it was (socket)", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("slow", "x");
    sessions.begin(turn);
    using shell = await Shell.open();
    await shell.watch("slow");
    await shell.next("session-event");
    shell.socket.pause();
    for (let step = 1; step <= 100; step += 1) sessions.say(turn, step, `${step} ${big}`);
    await stage.system.bus.connection.nats.flush();
    sessions.finish(turn, "end");
    using witness = await Shell.open();
    await witness.watch("slow", `${sessions.find(turn)?.message.arrival}.102`);
    await witness.next("session-event");
    shell.socket.resume();
    await shell.closed;
    const seen = shell.frames.filter((frame) => frame.type === "session-event");
    expect(seen.length).toBeLessThan(100);
    using again = await Shell.open();
    await again.watch("slow", seen.at(-1)?.event.cursor ?? `${sessions.find(turn)?.message.arrival}.1`);
    let count = seen.length;
    for (let last = ""; last !== "finished"; count += 1) last = (await again.next("session-event")).event.type;
    expect(count).toBe(102);
  });
});

describe("a client that reads slowly", () => {
  test("gets a long replay at its own pace, whole", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("replayed", "x");
    sessions.begin(turn);
    for (let step = 1; step <= 100; step += 1) sessions.say(turn, step, `${step} ${"x".repeat(200_000)}`);
    sessions.finish(turn, "end");
    using shell = await Shell.open();
    await shell.watch("replayed", `${sessions.find(turn)?.message.arrival}.0`);
    await shell.next("session-event");
    for (let round = 0; round < 10; round += 1) {
      shell.socket.pause();
      await stage.ask("/api/v1/sessions");
      shell.socket.resume();
      await shell.next("session-event");
    }
    let count = 11;
    for (let last = ""; last !== "finished"; count += 1) last = (await shell.next("session-event")).event.type;
    expect(count).toBe(102);
  });
});

describe("the end", () => {
  test("a gateway that drains says goodbye to shells, and no turn is stopped by it", async () => {
    const own = await startStage();
    const socket = new WebSocket(`${own.url.replace("http", "ws")}/api/v1/ws`, {
      headers: { authorization: `Bearer ${own.token}` },
    });
    await new Promise((resolve) => socket.once("message", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await own[Symbol.asyncDispose]();
    expect(await closed).toBe(1001);
    expect(own.system.answered.get("dispatcher.request.stop-session")).toBeUndefined();
  });
});
