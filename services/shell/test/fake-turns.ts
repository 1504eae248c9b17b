import { createHash } from "node:crypto";
import type { Session, SessionMessage } from "@matrix-os/contracts/api/session";
import type { ServerFrame } from "@matrix-os/contracts/shell/frame";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { FakeHome } from "./fake-home.ts";
import { type Script, toScript } from "./fake-script.ts";

/** A message that was accepted. */
export interface FakeTurn {
  readonly session: string;
  readonly message: string;
  readonly text: string;
  readonly arrival: number;
  readonly events: SessionEvent[];
  state: NonNullable<SessionMessage["status"]>;
  stopped: boolean;
}

type Unplaced<T> = T extends unknown ? Omit<T, "cursor" | "session" | "turn" | "at"> : never;
type End = Pick<Extract<SessionEvent, { type: "finished" }>, "status" | "text" | "error">;

/** Plays turns from scripts, one at a time in each session, and tells what happens. */
export class FakeTurns {
  /** Milliseconds between two things of a script. */
  pace = 25;
  readonly turns: FakeTurn[] = [];
  readonly accepted = new Map<string, { session: string; message: string; text: string }>();
  readonly #home: FakeHome;
  readonly #tell: (frame: ServerFrame, watchersOf?: string) => void;

  constructor(home: FakeHome, tell: (frame: ServerFrame, watchersOf?: string) => void) {
    this.#home = home;
    this.#tell = tell;
  }

  accept(sent: { text: string; session?: string | undefined; idempotencyKey: string }): {
    session: string;
    message: string;
    duplicate: boolean;
  } {
    const before = this.accepted.get(sent.idempotencyKey);
    if (before !== undefined) return { session: before.session, message: before.message, duplicate: true };
    const arrival = this.turns.length + 1;
    const message = createHash("sha256").update(sent.idempotencyKey).digest("hex");
    const session = sent.session ?? `s_${arrival}`;
    const { text } = sent;
    this.accepted.set(sent.idempotencyKey, { session, message, text });
    const isBusy = this.turns.some((one) => one.session === session && /running|queued/.test(one.state));
    const turn: FakeTurn = { session, message, text, arrival, events: [], state: "queued", stopped: false };
    this.turns.push(turn);
    if (isBusy) this.#tell({ type: "queued", session, message, text }, session);
    else void this.#play(turn);
    return { session, message, duplicate: false };
  }

  retry(session: string): object {
    const last = this.turns.findLast((turn) => turn.session === session);
    const text = (last?.text ?? "").replace("fail", "please");
    return this.accept({ text, session, idempotencyKey: `retry ${last?.message}` });
  }

  stop(session: string): void {
    for (const turn of this.turns) if (turn.session === session && turn.state !== "done") turn.stopped = true;
  }

  eventsAfter(session: string, cursor: string): SessionEvent[] {
    const [arrival = 0, line = 0] = cursor.split(".").map(Number);
    const events = this.turns.filter((turn) => turn.session === session).flatMap((turn) => turn.events);
    return events.filter((event) => {
      const [a = 0, n = 0] = event.cursor.split(".").map(Number);
      return a > arrival || (a === arrival && n > line);
    });
  }

  summaries(): object[] {
    return [...new Set(this.turns.map(({ session }) => session))].toReversed().map((id) => {
      const turns = this.turns.filter(({ session }) => session === id);
      const last = turns.at(-1)?.state;
      const state = last === "running" || last === "failed" ? last : "idle";
      const at = turns[0]?.events[0]?.at ?? new Date().toISOString();
      const title = turns[0]?.text ?? "";
      return { id, title, state, channel: "web", createdAt: at, updatedAt: at, messageCount: turns.length * 2 };
    });
  }

  session(id: string): Session | undefined {
    const turns = this.turns.filter(({ session }) => session === id);
    if (turns.length === 0) return undefined;
    const messages = turns.flatMap(toMessages);
    const cursor = turns.flatMap(({ events }) => events).at(-1)?.cursor;
    const total = messages.length;
    const title = turns[0]?.text ?? "";
    return { id, title, state: "idle", messages, from: 0, total, ...(cursor === undefined ? {} : { cursor }) };
  }

  async #play(turn: FakeTurn): Promise<void> {
    const { session } = turn;
    turn.state = "running";
    this.#tell({ type: "session-changed", session, state: "running" });
    this.#note(turn, { type: "message", id: `${turn.message}.user`, role: "user", text: turn.text });
    let step = 0;
    for (const item of toScript(turn.text)) {
      await this.#wait();
      if (turn.stopped) break;
      step = await this.#playItem(turn, item, step);
    }
    if (turn.stopped) this.#finish(turn, { status: "stopped", text: "" });
    this.#tell({ type: "session-changed", session, state: "idle" });
    const next = this.turns.find((one) => one.session === session && one.state === "queued");
    if (next !== undefined) await this.#play(next);
  }

  async #playItem(turn: FakeTurn, item: Script, step: number): Promise<number> {
    switch (item.do) {
      case "say":
        await this.#say(turn, item.text, step + 1);
        return step + 1;
      case "tool":
        await this.#use(turn, item);
        return step;
      case "fail":
        this.#finish(turn, {
          status: "failed",
          text: "",
          error: { kind: "unavailable", code: item.code, message: "the server answered 529 three times" },
        });
        return step;
      case "end":
        this.#finish(turn, { status: "done", text: item.text });
        return step;
      default:
        return item satisfies never;
    }
  }

  async #say(turn: FakeTurn, said: string, step: number): Promise<void> {
    for (const [number, text] of (said.match(/\S+\s*/g) ?? []).entries()) {
      if (turn.stopped) return;
      this.#tell({ type: "delta", session: turn.session, turn: turn.message, step, number, text }, turn.session);
      await this.#wait();
    }
    this.#note(turn, { type: "text", step, text: said.trim() });
  }

  async #use(turn: FakeTurn, { tool, label, content }: Extract<Script, { do: "tool" }>): Promise<void> {
    const base = { type: "step" as const, call: `call_${turn.events.length}`, tool, label };
    this.#note(turn, { ...base, state: "running" });
    await this.#wait();
    const origin = { actor: "kernel", session: turn.session, turn: turn.message };
    if (content !== undefined) this.#home.write(label, content, origin);
    this.#note(turn, { ...base, state: "done" });
  }

  #finish(turn: FakeTurn, end: End): void {
    turn.state = end.status;
    this.#note(turn, { type: "finished", id: `${turn.message}.assistant`, ...end });
  }

  #note(turn: FakeTurn, event: Unplaced<SessionEvent>): void {
    const cursor = `${turn.arrival}.${turn.events.length + 2}`;
    const whole: SessionEvent = {
      ...event,
      cursor,
      session: turn.session,
      turn: turn.message,
      at: new Date().toISOString(),
    };
    turn.events.push(whole);
    this.#tell({ type: "session-event", event: whole }, turn.session);
  }

  async #wait(): Promise<void> {
    await new Promise((done) => setTimeout(done, this.pace));
  }
}

function toMessages(turn: FakeTurn): Session["messages"] {
  const at = new Date().toISOString();
  const { message, state, events } = turn;
  const askedState = state === "failed" || state === "stopped" ? "done" : state;
  const asked = { id: `${message}.user`, turn: message, role: "user" as const, text: turn.text, steps: [], at };
  if (state === "queued") return [{ ...asked, status: askedState }];
  const steps = new Map(
    events.flatMap((event) => {
      if (event.type !== "step") return [];
      const { call, tool, label, state: stepState } = event;
      return [[call, { call, tool, label, state: stepState }] as const];
    }),
  );
  const finished = events.findLast((event) => event.type === "finished");
  const said = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("\n\n");
  const error = finished?.error === undefined ? {} : { error: finished.error };
  const answer = {
    id: `${message}.assistant`,
    turn: message,
    role: "assistant" as const,
    text: finished?.text ?? said,
  };
  return [
    { ...asked, status: askedState },
    { ...answer, steps: [...steps.values()], at, status: state, ...error },
  ];
}
