import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import type { Session } from "@matrix-os/contracts/api/session";
import type { ClientFrame, ServerFrame } from "@matrix-os/contracts/shell/frame";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { Change } from "@matrix-os/contracts/file/written.event";
import { type WebSocket, WebSocketServer } from "ws";
import { FakeHome } from "./fake-home.ts";
import { type Script, toScript } from "./fake-script.ts";

/** A gateway that plays turns from a script: the same routes and frames as the real one, nothing behind them. */
export interface FakeGateway extends AsyncDisposable {
  readonly url: string;
  readonly home: FakeHome;
  /** Messages that were handed in, by idempotency key. */
  readonly accepted: ReadonlyMap<string, { readonly session: string; readonly message: string; readonly text: string }>;
  /** False: every request is refused as not logged in. */
  loggedIn: boolean;
  rehearsal: boolean;
  /** Milliseconds between two things of a script. */
  pace: number;
  /** Ends all sockets, as a restart does; `down` refuses new ones for a while. */
  cut(downMs: number): void;
  /** Drops answers to the next `send` after the message was accepted. */
  loseNextAnswer: boolean;
}

interface Turn {
  readonly session: string;
  readonly message: string;
  readonly text: string;
  readonly arrival: number;
  events: SessionEvent[];
  state: "queued" | "running" | "done" | "failed" | "stopped";
  stopped: boolean;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".md": "text/markdown; charset=utf-8",
};
const clientFile = resolve(import.meta.dirname, "../app-client/matrix.js");

/** Starts a fake gateway on a free port that serves the built shell in `distFolder`. */
export async function startFakeGateway(distFolder: string): Promise<FakeGateway> {
  const gateway = new Fake(distFolder);
  await gateway.listen();
  return gateway;
}

class Fake implements FakeGateway {
  readonly home = new FakeHome();
  readonly accepted = new Map<string, { session: string; message: string; text: string }>();
  loggedIn = true;
  rehearsal = true;
  pace = 25;
  loseNextAnswer = false;
  url = "";
  #down = false;
  #arrival = 0;
  #turns: Turn[] = [];
  #entries: { id: string; turn?: string; actor: string; summary: string; paths: { path: string; kind: "created" | "updated" | "deleted" }[]; state: "applied" | "undone"; at: string }[] = [];
  #sockets = new Map<WebSocket, { sessions: Set<string>; files: boolean }>();
  #opened = new Map<string, string>();
  #storage = new Map<string, unknown>();
  #server: Server;
  #dist: string;

  constructor(dist: string) {
    this.#dist = dist;
    this.#server = createServer((request, response) => void this.#answer(request, response).catch((error: unknown) => sendJson(response, 500, { code: "internal", title: "", type: "", status: 500, detail: String(error) })));
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.#down || !this.loggedIn) return void socket.destroy();
      sockets.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened));
    });
    this.home.listen((change) => this.#noteChange(change));
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(downMs: number): void {
    this.#down = true;
    for (const socket of this.#sockets.keys()) socket.terminate();
    setTimeout(() => (this.#down = false), downMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  // ---- The socket

  #welcome(socket: WebSocket): void {
    this.#sockets.set(socket, { sessions: new Set(), files: false });
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("message", (data) => this.#hear(socket, JSON.parse(String(data)) as ClientFrame));
    say(socket, { type: "hello", version: "0.1.0", model: this.rehearsal ? "matrix-rehearsal" : "claude-opus-5", rehearsal: this.rehearsal, newestFileSeq: this.home.seq });
  }

  #hear(socket: WebSocket, frame: ClientFrame): void {
    const watches = this.#sockets.get(socket);
    const { ref } = frame;
    switch (frame.type) {
      case "send": {
        const accepted = this.#accept(frame);
        if (this.loseNextAnswer) {
          this.loseNextAnswer = false;
          return socket.terminate();
        }
        return say(socket, { type: "accepted", ref, ...accepted });
      }
      case "stop":
        for (const turn of this.#turns) if (turn.session === frame.session && turn.state !== "done") turn.stopped = true;
        return say(socket, { type: "done", ref });
      case "watch-session": {
        watches?.sessions.add(frame.session);
        say(socket, { type: "done", ref });
        const [arrival = 0, line = 0] = (frame.after ?? "0.0").split(".").map(Number);
        for (const event of this.#turns.filter((turn) => turn.session === frame.session).flatMap(({ events }) => events)) {
          const [a = 0, n = 0] = event.cursor.split(".").map(Number);
          if (a > arrival || (a === arrival && n > line)) say(socket, { type: "session-event", event });
        }
        return undefined;
      }
      case "unwatch-session":
        watches?.sessions.delete(frame.session);
        return say(socket, { type: "done", ref });
      case "watch-files":
        if (watches !== undefined) watches.files = true;
        for (const change of this.home.changesAfter(frame.after ?? this.home.seq)) say(socket, { type: "files-changed", change });
        return say(socket, { type: "done", ref });
      case "ping":
        return say(socket, { type: "done", ref });
      default:
        return frame satisfies never;
    }
  }

  #accept(frame: { text: string; session?: string | undefined; idempotencyKey: string }): { session: string; message: string; duplicate: boolean } {
    const before = this.accepted.get(frame.idempotencyKey);
    if (before !== undefined) return { session: before.session, message: before.message, duplicate: true };
    this.#arrival += 1;
    const message = createHash("sha256").update(frame.idempotencyKey).digest("hex");
    const session = frame.session ?? `s_${this.#arrival}`;
    this.accepted.set(frame.idempotencyKey, { session, message, text: frame.text });
    const isBusy = this.#turns.some((turn) => turn.session === session && (turn.state === "running" || turn.state === "queued"));
    const turn: Turn = { session, message, text: frame.text, arrival: this.#arrival, events: [], state: "queued", stopped: false };
    this.#turns.push(turn);
    if (isBusy) this.#tell(session, { type: "queued", session, message, text: frame.text });
    else void this.#play(turn);
    return { session, message, duplicate: false };
  }

  // ---- Turns

  async #play(turn: Turn): Promise<void> {
    turn.state = "running";
    this.#tellAll({ type: "session-changed", session: turn.session, state: "running" });
    this.#event(turn, { type: "message", id: `${turn.message}.user`, role: "user", text: turn.text });
    let step = 0;
    for (const item of toScript(turn.text)) {
      if (turn.stopped) break;
      step = await this.#playItem(turn, item, step);
    }
    if (turn.stopped) this.#finish(turn, { status: "stopped", text: "" });
    this.#tellAll({ type: "session-changed", session: turn.session, state: "idle" });
    const next = this.#turns.find((one) => one.session === turn.session && one.state === "queued");
    if (next !== undefined) await this.#play(next);
  }

  async #playItem(turn: Turn, item: Script, step: number): Promise<number> {
    const wait = async (): Promise<void> => await new Promise((done) => setTimeout(done, this.pace));
    await wait();
    switch (item.do) {
      case "say": {
        const words = item.text.match(/\S+\s*/g) ?? [];
        for (const [number, text] of words.entries()) {
          if (turn.stopped) return step + 1;
          this.#tell(turn.session, { type: "delta", session: turn.session, turn: turn.message, step: step + 1, number, text });
          await wait();
        }
        this.#event(turn, { type: "text", step: step + 1, text: item.text.trim() });
        return step + 1;
      }
      case "tool": {
        const call = `call_${turn.events.length}`;
        const base = { type: "step" as const, call, tool: item.tool, label: item.label };
        this.#event(turn, { ...base, state: "running" });
        await wait();
        if (item.content !== undefined) {
          this.home.write(item.label, item.content, { actor: "kernel", session: turn.session, turn: turn.message });
        }
        this.#event(turn, { ...base, state: item.fails === true ? "failed" : "done" });
        return step;
      }
      case "fail":
        this.#finish(turn, { status: "failed", text: "", error: { kind: "unavailable", code: item.code, message: "the server answered 529 three times" } });
        return step;
      case "end":
        this.#finish(turn, { status: "done", text: item.text });
        return step;
      default:
        return item satisfies never;
    }
  }

  #finish(turn: Turn, end: Pick<Extract<SessionEvent, { type: "finished" }>, "status" | "text" | "error">): void {
    turn.state = end.status;
    this.#event(turn, { type: "finished", id: `${turn.message}.assistant`, ...end });
  }

  #event(turn: Turn, event: DistributiveOmit<SessionEvent, "cursor" | "session" | "turn" | "at">): void {
    const cursor = `${turn.arrival}.${turn.events.length + 2}`;
    const whole = { ...event, cursor, session: turn.session, turn: turn.message, at: new Date().toISOString() } as SessionEvent;
    turn.events.push(whole);
    this.#tell(turn.session, { type: "session-event", event: whole });
  }

  #tell(session: string, frame: ServerFrame): void {
    for (const [socket, { sessions }] of this.#sockets) if (sessions.has(session)) say(socket, frame);
  }

  #tellAll(frame: ServerFrame): void {
    for (const socket of this.#sockets.keys()) say(socket, frame);
  }

  #noteChange(change: Change): void {
    const { turn, actor } = change.origin;
    const paths = change.paths.map(({ path, kind }) => ({ path, kind }));
    const known = turn === undefined ? undefined : this.#entries.find((entry) => entry.turn === turn);
    if (known !== undefined) known.paths.push(...paths);
    else this.#entries.unshift({ id: change.change, ...(turn === undefined ? {} : { turn }), actor, summary: paths[0]?.path ?? "", paths, state: "applied", at: change.at });
    for (const [socket, { files }] of this.#sockets) if (files) say(socket, { type: "files-changed", change });
  }

  // ---- Requests

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const path = decodeURIComponent(url.pathname);
    if (this.#down) return void request.socket.destroy();
    if (path.startsWith("/a/")) return this.#sendAppFile(path, response);
    if (!path.startsWith("/api/")) return this.#sendShellFile(path, response);
    if (!this.loggedIn) return sendProblem(response, 401, "unauthorized");
    const body = await readBody(request);
    const answer = this.#api(`${request.method} ${path.slice("/api/v1".length)}`, url, body);
    if (answer === undefined) return sendProblem(response, 404, "not-found");
    if (typeof answer === "string") return void response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" }).end(answer);
    sendJson(response, 200, answer);
  }

  #api(call: string, url: URL, body: string): object | string | undefined {
    const json = (): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
    if (call === "GET /status") return this.#status();
    if (call === "GET /sessions") return { sessions: this.#sessions(), more: false };
    const session = /^GET \/sessions\/([^/]+)$/.exec(call)?.[1];
    if (session !== undefined) return this.#session(session);
    const retried = /^POST \/sessions\/([^/]+)\/retry$/.exec(call)?.[1];
    if (retried !== undefined) {
      const last = this.#turns.findLast((turn) => turn.session === retried);
      return this.#accept({ text: (last?.text ?? "").replace("fail", "please"), session: retried, idempotencyKey: `retry ${last?.message}` });
    }
    if (call === "GET /apps") return { apps: this.home.apps() };
    const app = /^POST \/apps\/([^/]+)\/(open|storage|query)$/.exec(call);
    if (app !== null) return this.#app(app[1] ?? "", app[2] ?? "", body);
    if (call.startsWith("GET /files/")) return this.#file(call.slice("GET /files/".length), url);
    if (call.startsWith("PUT /files/")) return this.home.write(call.slice("PUT /files/".length), body, { actor: "owner" });
    if (call.startsWith("DELETE /files/")) return this.home.remove(call.slice("DELETE /files/".length));
    if (call === "POST /files/move") return this.home.move(String(json()["from"]), String(json()["to"]));
    if (call === "GET /history") return { entries: this.#entries.map(({ turn, actor, ...entry }) => ({ ...entry, origin: { actor, ...(turn === undefined ? {} : { turn }) }, pathCount: entry.paths.length })), more: false };
    if (call === "POST /undo" || call === "POST /redo") return this.#reverse(String(json()["entry"]), call === "POST /undo" ? "undone" : "applied");
    if (call === "POST /links") return { url: `${this.url}/login?code=abc123`, expiresAt: new Date(Date.now() + 600_000).toISOString() };
    if (call === "GET /devices") return { devices: [toDevice("d_1", true), toDevice("d_2", false)] };
    return undefined;
  }

  #status(): object {
    return {
      version: "0.1.0",
      home: "/home/ada/matrix-os",
      model: this.rehearsal ? "matrix-rehearsal" : "claude-opus-5",
      provider: "rehearsal",
      rehearsal: this.rehearsal,
      problems: [],
      services: { gateway: "up", dispatcher: "up", kernel: "up", file: "up", tools: "up" },
      bus: "up",
      spentTodayUsd: 0.84,
      dayBudgetUsd: 20,
      uptimeSeconds: 4_210,
    };
  }

  #sessions(): object[] {
    return [...new Set(this.#turns.map(({ session }) => session))].toReversed().map((id) => {
      const turns = this.#turns.filter(({ session }) => session === id);
      const last = turns.at(-1);
      const state = last?.state === "running" ? "running" : last?.state === "failed" ? "failed" : "idle";
      const at = turns[0]?.events[0]?.at ?? new Date().toISOString();
      return { id, title: turns[0]?.text ?? "", state, channel: "web", createdAt: at, updatedAt: at, messageCount: turns.length * 2 };
    });
  }

  #session(id: string): Session | undefined {
    const turns = this.#turns.filter(({ session }) => session === id);
    if (turns.length === 0) return undefined;
    const messages = turns.flatMap((turn): Session["messages"] => {
      const status = turn.state;
      const asked = { id: `${turn.message}.user`, turn: turn.message, role: "user" as const, text: turn.text, steps: [], at: new Date().toISOString(), status: status === "failed" || status === "stopped" ? "done" as const : status };
      if (status === "queued") return [asked];
      const steps = new Map(turn.events.flatMap((event) => (event.type === "step" ? [[event.call, { call: event.call, tool: event.tool, label: event.label, state: event.state }] as const] : [])));
      const finished = turn.events.findLast((event) => event.type === "finished");
      const text = finished?.text ?? turn.events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("\n\n");
      const error = finished?.error === undefined ? {} : { error: finished.error };
      return [asked, { id: `${turn.message}.assistant`, turn: turn.message, role: "assistant" as const, text, steps: [...steps.values()], at: asked.at, status, ...error }];
    });
    const begun = turns.findLast((turn) => turn.events.length > 0);
    return { id, title: turns[0]?.text ?? "", state: "idle", messages, from: 0, total: messages.length, ...(begun === undefined ? {} : { cursor: begun.events.at(-1)?.cursor ?? "0.0" }) };
  }

  #app(app: string, what: string, body: string): object | undefined {
    const info = this.home.apps().find((one) => one.app === app);
    if (info === undefined) return undefined;
    if (what === "open") {
      const token = createHash("sha256").update(`${app} ${this.#opened.size}`).digest("hex").slice(0, 32);
      this.#opened.set(token, app);
      return { url: `${this.url.replace("127.0.0.1", "localhost")}/a/${token}/${info.manifest.entry}`, manifest: info.manifest };
    }
    if (what === "query") return { rows: [{ answer: 42 }], changedRows: 0, truncated: false };
    const request = JSON.parse(body) as { do: string; key?: string; value?: unknown };
    const key = `${app} ${request.key}`;
    if (request.do === "set") this.#storage.set(key, request.value);
    if (request.do === "get") return { value: this.#storage.get(key) ?? null };
    if (request.do === "keys") return { keys: [...this.#storage.keys()].filter((one) => one.startsWith(`${app} `)).map((one) => one.slice(app.length + 1)) };
    return {};
  }

  #file(path: string, url: URL): object | string | undefined {
    return url.searchParams.get("list") === "1" || path === "" ? this.home.list(path) : this.home.read(path);
  }

  #reverse(id: string, state: "undone" | "applied"): object | undefined {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry === undefined) return undefined;
    entry.state = state;
    return { entry: id, summary: entry.summary, paths: entry.paths, conflicts: [], seq: this.home.seq };
  }

  #sendAppFile(path: string, response: ServerResponse): void {
    const [, , token = "", ...rest] = path.split("/");
    const app = this.#opened.get(token);
    const file = rest.join("/");
    const content = file === "matrix.js" ? readFileSync(clientFile, "utf8") : app === undefined ? undefined : this.home.read(`apps/${app}/${file}`);
    if (content === undefined) return void response.writeHead(404).end("not here");
    const withClient = file.endsWith(".html") ? content.replace(/<head>/i, '<head><script src="matrix.js"></script>') : content;
    const own = `http://${this.url.replace("http://127.0.0.1", "localhost")}/a/${token}/`;
    response
      .writeHead(200, {
        "content-type": types[extname(file)] ?? "text/plain",
        "content-security-policy": `sandbox allow-scripts allow-forms; default-src 'none'; script-src ${own} 'unsafe-inline'; style-src ${own} 'unsafe-inline'; img-src ${own} data: blob:; font-src ${own} data:; media-src ${own} data: blob:; require-trusted-types-for 'script'`,
        "access-control-allow-origin": "*",
        "referrer-policy": "no-referrer",
      })
      .end(withClient);
  }

  #sendShellFile(path: string, response: ServerResponse): void {
    const apps = this.url.replace("127.0.0.1", "localhost");
    const file = path === "/" ? "index.html" : path.slice(1);
    try {
      const content = readFileSync(join(this.#dist, file));
      response
        .writeHead(200, {
          "content-type": types[extname(file)] ?? "application/octet-stream",
          "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-src ${apps}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
        })
        .end(content);
    } catch {
      response.writeHead(404).end("not here");
    }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function say(socket: WebSocket, frame: ServerFrame): void {
  socket.send(JSON.stringify(frame));
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, status: number, code: string): void {
  sendJson(response, status, { type: `urn:matrix-os:error:${code}`, title: code, status, code, detail: code });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function toDevice(id: string, current: boolean): object {
  const userAgent = current ? "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0" : "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604";
  return { id, createdAt: "2026-11-20T08:00:00.000Z", lastSeen: "2026-11-24T08:00:00.000Z", userAgent, current };
}
