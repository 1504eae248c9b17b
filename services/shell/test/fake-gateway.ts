import { readFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import type { ClientFrame, ServerFrame } from "@matrix-os/contracts/shell/frame";
import type { PendingQuestion } from "@matrix-os/contracts/policy/question";
import { type WebSocket, WebSocketServer } from "ws";
import { FakeApi, toAppsUrl } from "./fake-api.ts";
import { FakeHome } from "./fake-home.ts";
import { FakeTurns } from "./fake-turns.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".md": "text/markdown; charset=utf-8",
};
const clientFile = resolve(import.meta.dirname, "../app-client/matrix.js");

interface Watches {
  readonly sessions: Set<string>;
  files: boolean;
}

/** Starts a fake gateway on a free port that serves the built shell in `distFolder`. */
export async function startFakeGateway(distFolder: string): Promise<FakeGateway> {
  const gateway = new FakeGateway(distFolder);
  await gateway.listen();
  return gateway;
}

/** A gateway that plays turns from a script: the same routes and frames as the real one, nothing behind them. */
export class FakeGateway implements AsyncDisposable {
  readonly home = new FakeHome();
  readonly turns: FakeTurns;
  /** False: every request is refused as not logged in. */
  loggedIn = true;
  rehearsal = true;
  /** Ends the socket instead of answering the next `send`, after the message was accepted. */
  loseNextAnswer = false;
  url = "";
  readonly api: FakeApi;
  readonly #server: Server;
  readonly #sockets = new Map<WebSocket, Watches>();
  readonly #dist: string;
  #isDown = false;

  constructor(dist: string) {
    this.#dist = dist;
    this.turns = new FakeTurns(this.home, (frame, session) => this.#tell(frame, session));
    this.api = new FakeApi(this.home, this.turns, { url: () => this.url, isRehearsal: () => this.rehearsal });
    this.#server = createServer((request, response) => void this.#answer(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.#isDown || !this.loggedIn) return void socket.destroy();
      sockets.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened));
    });
    this.home.listen((change) => {
      for (const [socket, { files }] of this.#sockets) if (files) say(socket, { type: "files-changed", change });
    });
  }

  /** Asks the owner. */
  askOwner(question: PendingQuestion): void {
    this.api.approvals.push(question);
    this.#tell({ type: "approvals-changed", session: question.session });
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends all sockets, as a restart does, and answers nothing for a while. */
  cut(downMs: number): void {
    this.#isDown = true;
    for (const socket of this.#sockets.keys()) socket.terminate();
    setTimeout(() => (this.#isDown = false), downMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #welcome(socket: WebSocket): void {
    const watches: Watches = { sessions: new Set(), files: false };
    this.#sockets.set(socket, watches);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("message", (data: Buffer) => this.#hear({ socket, watches }, JSON.parse(data.toString()) as ClientFrame));
    const model = this.rehearsal ? "matrix-rehearsal" : "claude-opus-5";
    const hello = { version: "0.1.0", model, rehearsal: this.rehearsal, newestFileSeq: this.home.seq };
    say(socket, { type: "hello", ...hello });
  }

  #hear({ socket, watches }: { socket: WebSocket; watches: Watches }, frame: ClientFrame): void {
    const { ref } = frame;
    switch (frame.type) {
      case "send":
        return this.#accept(socket, frame);
      case "stop":
        this.turns.stop(frame.session);
        break;
      case "watch-session":
        return this.#watchSession({ socket, watches }, frame);
      case "unwatch-session":
        watches.sessions.delete(frame.session);
        break;
      case "watch-files":
        watches.files = true;
        for (const change of this.home.changesAfter(frame.after)) say(socket, { type: "files-changed", change });
        break;
      case "ping":
        break;
      default:
        frame satisfies never;
    }
    say(socket, { type: "done", ref });
  }

  #accept(socket: WebSocket, frame: Extract<ClientFrame, { type: "send" }>): void {
    const accepted = this.turns.accept(frame);
    if (!this.loseNextAnswer) return say(socket, { type: "accepted", ref: frame.ref, ...accepted });
    this.loseNextAnswer = false;
    socket.terminate();
  }

  #watchSession(
    to: { socket: WebSocket; watches: Watches },
    frame: Extract<ClientFrame, { type: "watch-session" }>,
  ): void {
    to.watches.sessions.add(frame.session);
    say(to.socket, { type: "done", ref: frame.ref });
    for (const event of this.turns.eventsAfter(frame.session, frame.after ?? "0.0")) {
      say(to.socket, { type: "session-event", event });
    }
  }

  #tell(frame: ServerFrame, session?: string): void {
    for (const [socket, { sessions }] of this.#sockets) {
      if (session === undefined || sessions.has(session)) say(socket, frame);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const path = decodeURIComponent(url.pathname);
    if (this.#isDown) return void request.socket.destroy();
    if (path.startsWith("/a/")) return this.#sendAppFile(path, response);
    if (!path.startsWith("/api/")) return this.#sendShellFile(path, response);
    if (!this.loggedIn) return sendProblem(response, 401, "unauthorized");
    const call = `${request.method} ${path.slice("/api/v1".length)}`;
    const body = await readBody(request);
    const answer = this.api.answer(call, { body, isList: url.searchParams.get("list") === "1" });
    if (answer === undefined) return sendProblem(response, 404, "not-found");
    if (typeof answer === "object") return sendJson(response, 200, answer);
    response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" }).end(answer);
  }

  #sendAppFile(path: string, response: ServerResponse): void {
    const [, , token = "", ...rest] = path.split("/");
    const file = rest.join("/");
    const app = this.api.opened.get(token);
    const isClient = file === "matrix.js";
    const content = isClient ? readFileSync(clientFile, "utf8") : this.home.read(`apps/${app}/${file}`);
    if (content === undefined) return void response.writeHead(404).end("not here");
    const own = `${toAppsUrl(this.url)}/a/${token}/`;
    const policy = [
      "sandbox allow-scripts allow-forms; default-src 'none'; require-trusted-types-for 'script'",
      ...["script-src", "style-src"].map((name) => `${name} ${own} 'unsafe-inline'`),
      ...["img-src", "font-src", "media-src"].map((name) => `${name} ${own} data: blob:`),
    ];
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "text/plain",
      "content-security-policy": policy.join("; "),
      "access-control-allow-origin": "*",
      "referrer-policy": "no-referrer",
    });
    const isPage = file.endsWith(".html");
    response.end(isPage ? `<!doctype html><script src="matrix.js"></script>${content}` : content);
  }

  #sendShellFile(path: string, response: ServerResponse): void {
    const file = path === "/" ? "index.html" : path.slice(1);
    const policy = [
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'",
      `img-src 'self' data: blob:; frame-src ${toAppsUrl(this.url)}; base-uri 'none'; form-action 'none'`,
    ];
    try {
      const content = readFileSync(join(this.#dist, file));
      const type = types[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "content-security-policy": policy.join("; ") }).end(content);
    } catch {
      response.writeHead(404).end("not here");
    }
  }
}

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
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
