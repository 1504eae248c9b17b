import type { Answer, AskRecord, PendingQuestion } from "@matrix-os/contracts/policy/question";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";

interface Name {
  readonly session: string;
  readonly turn: string;
}

/** A question as its answer finds it. */
export interface Found {
  readonly name: Name;
  readonly call: string;
  readonly title: string;
  readonly isAnswered: boolean;
  readonly expiresAt: string;
}

interface Asked {
  readonly name: Name;
  readonly question: AskRecord;
  readonly askedAt: string;
  answer: Answer | undefined;
  /** The turn has read the answer. */
  isTaken: boolean;
}

/** Questions of open turns. Journals and answer files are the truth; this is what they say, in memory. */
export class OpenAsks {
  readonly #byAsk = new Map<string, Asked>();
  readonly #byTurn = new Map<string, Set<Asked>>();
  readonly #joined = new Map<string, Set<string>>();

  /** Takes in what a journal gained; the same again changes nothing. */
  note(name: Name, records: readonly TurnRecord[], at: string): void {
    for (const record of records) this.#noteOne(name, record, at);
  }

  /** Takes in an answer. */
  answer(answer: Answer): void {
    const asked = this.#byAsk.get(answer.ask);
    if (asked !== undefined) asked.answer ??= answer;
  }

  /** A question by its name, while it matters. */
  find(ask: string): Found | undefined {
    const asked = this.#byAsk.get(ask);
    if (asked === undefined) return undefined;
    const { call, words, expiresAt } = asked.question;
    return { name: asked.name, call, title: words.title, isAnswered: asked.answer !== undefined, expiresAt };
  }

  /** Whether a turn rests until the owner answers: a question is open, and nothing came that the turn has not read. */
  isResting(turn: string, now: Date): boolean {
    const all = [...(this.#byTurn.get(turn) ?? [])];
    return all.some((asked) => isOpen(asked)) && !all.some((asked) => hasNews(asked, now));
  }

  /** Answers that a turn has not read yet; a question whose time is over counts as answered by nobody. */
  newsOf(turn: string, now: Date): Answer[] {
    return [...(this.#byTurn.get(turn) ?? [])]
      .filter((asked) => hasNews(asked, now))
      .map((asked) => asked.answer ?? toExpired(asked, now));
  }

  /** Questions that wait for an answer, the oldest first. */
  pending(session: string | undefined, now: Date): PendingQuestion[] {
    return [...this.#byAsk.values()]
      .filter((asked) => isOpen(asked) && !isOver(asked, now))
      .filter(({ name }) => session === undefined || name.session === session)
      .map(({ name, askedAt, question: { kind: _, ...question } }) => ({ ...name, askedAt, ...question }));
  }

  /** Whether the owner allowed this call of this turn to do something to a target. */
  isAllowed(turn: string, call: string, target: string): boolean {
    return [...(this.#byTurn.get(turn) ?? [])].some(
      ({ question, answer }) =>
        question.call === call && answer?.verdict === "allow" && question.target.split("\n").includes(target),
    );
  }

  /** Whether a record of an answer says what the owner said. */
  isTrue(record: Answer, now: Date): boolean {
    const asked = this.#byAsk.get(record.ask);
    if (asked === undefined) return false;
    if (record.verdict === "expired") return asked.answer === undefined && isOver(asked, now);
    return asked.answer?.verdict === record.verdict && asked.answer.at === record.at;
  }

  /** Whether a message that joined a turn was read by it. */
  hasJoined(turn: string, message: string): boolean {
    return this.#joined.get(turn)?.has(message) ?? false;
  }

  /** Forgets an ended turn. */
  forget(turn: string): void {
    for (const { question } of this.#byTurn.get(turn) ?? []) this.#byAsk.delete(question.ask);
    this.#byTurn.delete(turn);
    this.#joined.delete(turn);
  }

  #noteOne(name: Name, record: TurnRecord, at: string): void {
    switch (record.kind) {
      case "ask":
        return this.#add({ name, question: record, askedAt: at, answer: undefined, isTaken: false });
      case "approval": {
        const asked = this.#byAsk.get(record.ask);
        if (asked === undefined) return undefined;
        const { kind: _, ...answer } = record;
        asked.answer ??= answer;
        asked.isTaken = true;
        return undefined;
      }
      case "tool.result":
      case "tool.doubt":
        return this.#settle(name.turn, record.call);
      case "steer":
        this.#joined.set(name.turn, (this.#joined.get(name.turn) ?? new Set()).add(record.input.key));
        return undefined;
      case "end":
        return this.forget(name.turn);
      default:
        return undefined;
    }
  }

  #add(asked: Asked): void {
    const { ask } = asked.question;
    if (this.#byAsk.has(ask)) return;
    this.#byAsk.set(ask, asked);
    const ofTurn = this.#byTurn.get(asked.name.turn) ?? new Set();
    this.#byTurn.set(asked.name.turn, ofTurn.add(asked));
  }

  /** A call that has its result needs no answer any more. */
  #settle(turn: string, call: string): void {
    const ofTurn = this.#byTurn.get(turn);
    for (const asked of ofTurn ?? []) {
      if (asked.question.call !== call) continue;
      this.#byAsk.delete(asked.question.ask);
      ofTurn?.delete(asked);
    }
    if (ofTurn?.size === 0) this.#byTurn.delete(turn);
  }
}

function isOpen({ answer, isTaken }: Asked): boolean {
  return answer === undefined && !isTaken;
}

function isOver({ question }: Asked, now: Date): boolean {
  return Date.parse(question.expiresAt) <= now.getTime();
}

function hasNews(asked: Asked, now: Date): boolean {
  return !asked.isTaken && (asked.answer !== undefined || isOver(asked, now));
}

function toExpired({ question }: Asked, now: Date): Answer {
  return { ask: question.ask, call: question.call, verdict: "expired", by: "nobody", at: now.toISOString() };
}
