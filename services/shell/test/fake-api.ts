import { createHash } from "node:crypto";
import type { PendingQuestion } from "@matrix-os/contracts/policy/question";
import type { Change } from "@matrix-os/contracts/file/written.event";
import type { FakeHome } from "./fake-home.ts";
import type { FakeTurns } from "./fake-turns.ts";

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly origin: Change["origin"];
  readonly summary: string;
  readonly paths: { readonly path: string; readonly kind: "created" | "updated" | "deleted" }[];
  state: "applied" | "undone";
}

interface Request {
  readonly match: readonly string[];
  readonly body: string;
  readonly isList: boolean;
}

type Handler = (request: Request) => object | string | undefined;

/** The REST routes of the fake gateway. */
export class FakeApi {
  /** Apps by the token of their address. */
  readonly opened = new Map<string, string>();
  /** What waits for the owner, and what they answered. */
  readonly approvals: PendingQuestion[] = [];
  readonly answers: string[] = [];
  readonly #entries: Entry[] = [];
  readonly #storage = new Map<string, unknown>();
  readonly #home: FakeHome;
  readonly #turns: FakeTurns;
  readonly #parts: { readonly url: () => string; readonly isRehearsal: () => boolean };
  readonly #routes: readonly (readonly [pattern: RegExp, handler: Handler])[] = [
    [/^GET \/status$/, () => this.#status()],
    [/^GET \/sessions$/, () => ({ sessions: this.#turns.summaries(), more: false })],
    [/^GET \/sessions\/([^/]+)$/, ({ match }) => this.#turns.session(match[1] ?? "")],
    [/^POST \/sessions\/([^/]+)\/retry$/, ({ match }) => this.#turns.retry(match[1] ?? "")],
    [/^GET \/approvals$/, () => ({ approvals: this.approvals, more: false })],
    [/^POST \/approvals\/(.+)$/, ({ match, body }) => this.#answerApproval(match[1] ?? "", body)],
    [/^GET \/apps$/, () => ({ apps: this.#home.apps() })],
    [/^POST \/apps\/([^/]+)\/open$/, ({ match }) => this.#open(match[1] ?? "")],
    [/^POST \/apps\/([^/]+)\/query$/, () => ({ rows: [{ answer: 42 }], changedRows: 0, truncated: false })],
    [/^POST \/apps\/([^/]+)\/storage$/, ({ match, body }) => this.#store(match[1] ?? "", body)],
    [/^GET \/files\/(.*)$/, ({ match, isList }) => this.#read(match[1] ?? "", isList)],
    [/^PUT \/files\/(.+)$/, ({ match, body }) => this.#home.write(match[1] ?? "", body, { actor: "owner" })],
    [/^DELETE \/files\/(.+)$/, ({ match }) => this.#home.remove(match[1] ?? "")],
    [/^POST \/files\/move$/, ({ body }) => this.#move(body)],
    [/^GET \/history$/, () => this.#history()],
    [/^POST \/(undo|redo)$/, ({ match, body }) => this.#reverse(match[1] ?? "", body)],
    [/^POST \/links$/, () => ({ url: `${this.#parts.url()}/login?code=abc123`, expiresAt: toLater(600_000) })],
    [/^GET \/devices$/, () => ({ devices })],
  ];

  constructor(home: FakeHome, turns: FakeTurns, parts: { url: () => string; isRehearsal: () => boolean }) {
    this.#home = home;
    this.#turns = turns;
    this.#parts = parts;
    home.listen((change) => this.#note(change));
  }

  /** The answer to a request; nothing when there is none. */
  answer(call: string, request: Omit<Request, "match">): object | string | undefined {
    for (const [pattern, handler] of this.#routes) {
      const match = pattern.exec(call);
      if (match !== null) return handler({ ...request, match });
    }
    return undefined;
  }

  #status(): object {
    const isRehearsal = this.#parts.isRehearsal();
    return {
      version: "0.1.0",
      home: "/home/ada/matrix-os",
      model: isRehearsal ? "matrix-rehearsal" : "claude-opus-5",
      provider: isRehearsal ? "rehearsal" : "anthropic",
      rehearsal: isRehearsal,
      problems: [],
      services: { gateway: "up", dispatcher: "up", kernel: "up", file: "up", tools: "up" },
      bus: "up",
      spentTodayUsd: 0.84,
      dayBudgetUsd: 20,
      uptimeSeconds: 4_210,
    };
  }

  #answerApproval(ask: string, body: string): object | undefined {
    const at = this.approvals.findIndex((one) => one.ask === ask);
    const [found] = at < 0 ? [] : this.approvals.splice(at, 1);
    if (found === undefined) return undefined;
    this.answers.push(`${(JSON.parse(body) as { verdict: string }).verdict} ${ask}`);
    return { session: found.session, turn: found.turn };
  }

  #open(app: string): object | undefined {
    const info = this.#home.apps().find((one) => one.app === app);
    if (info === undefined) return undefined;
    const token = createHash("sha256").update(`${app} ${this.opened.size}`).digest("hex").slice(0, 32);
    this.opened.set(token, app);
    return { url: `${toAppsUrl(this.#parts.url())}/a/${token}/${info.manifest.entry}`, manifest: info.manifest };
  }

  #store(app: string, body: string): object {
    const request = JSON.parse(body) as { do: string; key?: string; value?: unknown };
    const prefix = `${app} `;
    const key = `${prefix}${request.key}`;
    if (request.do === "set") this.#storage.set(key, request.value);
    if (request.do === "get") return { value: this.#storage.get(key) ?? null };
    const keys = [...this.#storage.keys()].filter((one) => one.startsWith(prefix));
    return request.do === "keys" ? { keys: keys.map((one) => one.slice(prefix.length)) } : {};
  }

  #read(path: string, isList: boolean): object | string | undefined {
    return isList || path === "" ? this.#home.list(path) : this.#home.read(path);
  }

  #move(body: string): object {
    const { from, to } = JSON.parse(body) as { from: string; to: string };
    return this.#home.move(from, to);
  }

  #history(): object {
    return { entries: this.#entries.map((entry) => ({ ...entry, pathCount: entry.paths.length })), more: false };
  }

  #reverse(direction: string, body: string): object | undefined {
    const { entry: id } = JSON.parse(body) as { entry: string };
    const entry = this.#entries.find((one) => one.id === id);
    if (entry === undefined) return undefined;
    entry.state = direction === "undo" ? "undone" : "applied";
    return { entry: id, summary: entry.summary, paths: entry.paths, conflicts: [], withheld: [], seq: this.#home.seq };
  }

  #note({ change, at, origin, paths }: Change): void {
    const changed = paths.map(({ path, kind }) => ({ path, kind }));
    const known = this.#entries.find((entry) => origin.turn !== undefined && entry.origin.turn === origin.turn);
    const summary = this.#turns.turns.find(({ message }) => message === origin.turn)?.text ?? paths[0]?.path ?? "";
    if (known !== undefined) known.paths.push(...changed);
    else this.#entries.unshift({ id: change, at, origin, summary, paths: changed, state: "applied" });
  }
}

/** Where apps are served: another site than the shell's. */
export function toAppsUrl(url: string): string {
  return url.replace("127.0.0.1", "localhost");
}

function toLater(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

const devices = [
  ["d_1", "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0"],
  ["d_2", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604"],
].map(([id, userAgent], index) => ({
  id,
  userAgent,
  createdAt: "2026-11-20T08:00:00.000Z",
  lastSeen: "2026-11-24T08:00:00.000Z",
  current: index === 0,
}));
