import { createHash, randomUUID } from "node:crypto";
import type { Bus } from "@matrix-os/bus";
import { sayNow } from "@matrix-os/bus/publish";
import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { type ErrorBody, rejected } from "@matrix-os/contracts/errors";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { deltaDraft } from "@matrix-os/contracts/kernel/delta.draft";
import { progressDraft } from "@matrix-os/contracts/kernel/progress.draft";
import { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import { type StoredMessage, type TranscriptEntry, type TurnStatus, noUsage } from "@matrix-os/contracts/turn/message";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import { type TurnPlace, createEventWriter } from "@matrix-os/turn/session-events";
import type { Respond } from "./respond.ts";

const budget = { steps: 50, toolCalls: 200, durationMs: 1, costUsd: 1 };

interface FakeTurn {
  readonly message: StoredMessage;
  readonly lines: JournalLine[];
  readonly write: ReturnType<typeof createEventWriter>;
  open: boolean;
}

interface FakeSession {
  readonly id: string;
  readonly turns: FakeTurn[];
  readonly entries: TranscriptEntry[];
}

function toPage(lines: readonly JournalLine[]): JournalLine[] {
  let bytes = 0;
  const end = lines.findIndex((line, index) => (bytes += JSON.stringify(line).length) > 200_000 && index > 0);
  return lines.slice(0, end === -1 ? lines.length : end);
}

/** Sessions, turns and journals in memory; a test plays the kernel. */
export class FakeSessions {
  readonly bus: Bus;
  readonly all = new Map<string, FakeSession>();
  /** Progress drafts that are recorded but not told, as on a bus that lost them. */
  loseDrafts = false;
  logPage = 1_000;
  /** Called for each accepted message: a kernel that starts by itself. */
  onAccepted: ((turn: string) => void) | undefined;
  #arrival = 0;

  constructor(bus: Bus) {
    this.bus = bus;
  }

  answer(respond: Respond): void {
    respond(acceptMessageRequest, ({ nativeId, session, message }) => {
      const { channel, account, chat } = message.replyTo;
      const key = createHash("sha256").update([channel, account, chat, nativeId].join("\0")).digest("hex");
      const known = this.find(key);
      if (known !== undefined)
        return { session: known.message.session, key, arrival: known.message.arrival, duplicate: true };
      const stored = this.accept(key, session ?? `s_${randomUUID()}`, message);
      return { session: stored.session, key, arrival: stored.arrival, duplicate: false };
    });
    respond(stopSessionRequest, ({ session }) => ({
      turns: this.need(session)
        .turns.filter((turn) => turn.open)
        .map((turn) => turn.message.key),
    }));
    respond(listSessionsRequest, ({ session }) => {
      const wanted = session === undefined ? [...this.all.values()] : [this.need(session)];
      return { sessions: wanted.map((each) => this.toInfo(each)), more: false };
    });
    respond(listOpenRequest, ({ session, afterArrival }) => {
      const turns = session === undefined ? [] : (this.all.get(session)?.turns ?? []);
      const open = turns.filter((turn) => turn.open && turn.message.arrival > afterArrival);
      return { open: open.map(({ message }) => ({ message, stopRequested: false, openForMs: 1 })), more: false };
    });
    respond(readLogRequest, ({ turn, from }) => {
      const lines = this.find(turn)?.lines ?? [];
      if (lines.length === 0) throw rejected("not-found", "no journal");
      const page = toPage(lines.filter((line) => line.n >= from).slice(0, this.logPage));
      return { lines: page, more: from + page.length <= lines.length };
    });
    respond(readTranscriptRequest, ({ session, from }) => {
      const { entries } = this.need(session);
      const start = from < 0 ? Math.max(0, entries.length + from) : Math.min(from, entries.length);
      return { entries: entries.slice(start), from: start, total: entries.length };
    });
  }

  private toInfo({ id, turns, entries }: FakeSession) {
    const open = turns
      .filter((turn) => turn.open)
      .map(({ message }) => ({ turn: message.key, arrival: message.arrival }));
    const lastStatus = entries.at(-1)?.status;
    const at = "2026-11-24T12:00:00.000Z";
    return {
      id,
      title: turns[0]?.message.text.slice(0, 60) ?? "",
      channel: "web",
      createdAt: at,
      updatedAt: at,
      usage: noUsage,
      open,
      messageCount: entries.length,
      ...(lastStatus === undefined ? {} : { lastStatus }),
    };
  }

  need(id: string): FakeSession {
    const session = this.all.get(id);
    if (session === undefined) throw rejected("not-found", "no such session");
    return session;
  }

  find(turn: string): FakeTurn | undefined {
    return [...this.all.values()].flatMap(({ turns }) => turns).find(({ message }) => message.key === turn);
  }

  private accept(
    key: string,
    id: string,
    message: Omit<StoredMessage, "key" | "session" | "arrival" | "at">,
  ): StoredMessage {
    this.#arrival += 1;
    const stored = { ...message, key, session: id, arrival: this.#arrival, at: new Date().toISOString() };
    const session = this.all.get(id) ?? { id, turns: [], entries: [] };
    this.all.set(id, session);
    const place: TurnPlace = { session: id, turn: key, arrival: stored.arrival };
    session.turns.push({ message: stored, lines: [], write: createEventWriter(place), open: true });
    const { context: _, ...told } = stored;
    sayNow(this.bus.connection, { contract: messageAcceptedEvent, key: id, body: { message: told } });
    this.onAccepted?.(key);
    return stored;
  }

  /** Makes a session with one accepted message, as if somebody had sent it. */
  send(session: string, text: string): string {
    const key = createHash("sha256").update(randomUUID()).digest("hex");
    this.accept(key, session, { text, sender: "owner", replyTo: { channel: "web", account: "owner", chat: session } });
    return key;
  }

  /** Appends records to a journal and tells of them. */
  record(key: string, ...records: TurnRecord[]): void {
    const turn = this.find(key);
    if (turn === undefined) throw new Error("no such turn");
    const from = turn.lines.length + 1;
    const added = records.map((record, index) => ({
      n: from + index,
      at: new Date().toISOString(),
      epoch: 1,
      prev: "",
      record,
    }));
    turn.lines.push(...added);
    const events = turn.write(added);
    if (this.loseDrafts) return;
    const { session, arrival } = turn.message;
    sayNow(this.bus.connection, {
      contract: progressDraft,
      key: session,
      body: { session, turn: key, arrival, from, to: turn.lines.length, events },
    });
  }

  begin(key: string): void {
    const turn = this.find(key);
    if (turn === undefined) throw new Error("no such turn");
    this.record(key, { kind: "fence", epoch: 1, owner: "fake" });
    this.record(key, { kind: "begin", input: turn.message, model: "m", promptHash: "p", toolsHash: "t", budget });
  }

  say(key: string, step: number, text: string): void {
    const content = [{ type: "text", text }];
    this.record(key, { kind: "model.response", step, content, stopReason: "end_turn", usage: noUsage, model: "m" });
  }

  callTool(key: string, call: string): void {
    this.record(key, {
      kind: "tool.intent",
      call,
      name: "write_file",
      label: `apps/${call}`,
      args: {},
      class: "idempotent",
    });
    this.record(key, { kind: "tool.result", call, text: "ok", isError: false });
  }

  delta(key: string, at: { step: number; number: number; text: string }): void {
    const session = this.find(key)?.message.session ?? "";
    sayNow(this.bus.connection, { contract: deltaDraft, key: session, body: { session, turn: key, ...at } });
  }

  finish(key: string, text: string, how: { status?: TurnStatus; error?: ErrorBody; silent?: boolean } = {}): void {
    const turn = this.find(key);
    if (turn === undefined) throw new Error("no such turn");
    const { status = "done", error } = how;
    const { session, arrival, at } = turn.message;
    const usage = { ...noUsage, inputTokens: 10, outputTokens: 5 };
    const failure = error === undefined ? {} : { error };
    const base = { turn: key, arrival, at, steps: [] };
    this.need(session).entries.push(
      { ...base, id: `${key}.user`, role: "user", text: turn.message.text },
      { ...base, id: `${key}.assistant`, role: "assistant", text, status, usage, ...failure },
    );
    turn.open = false;
    this.record(key, { kind: "end", status, text, usage, ...failure });
    if (how.silent === true) return;
    sayNow(this.bus.connection, {
      contract: turnFinishedEvent,
      key: session,
      body: { session, turn: key, arrival, status, ...failure },
    });
  }
}
