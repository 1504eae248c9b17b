import type { StoredMessage } from "@matrix-os/contracts/turn/message";

/** An accepted message whose turn has not ended. */
export interface OpenEntry {
  readonly message: StoredMessage;
  /** Bytes of its JSON. */
  readonly size: number;
  readonly openedAtMs: number;
  /** The owner stopped it; see also `isStopRequested`. */
  stopRequested: boolean;
  /** A redelivery was told that it is accepted. */
  isShared?: boolean;
}

interface Selection {
  readonly session?: string | undefined;
  readonly heads: boolean;
  readonly afterArrival: number;
  readonly limit: number;
  /** Turns that rest. */
  readonly isResting?: ((entry: OpenEntry) => boolean) | undefined;
}

const MAX_PAGE_BYTES = 200_000;

/** All open turns by arrival; the markers in `system/open` are the truth. */
export class OpenTurns {
  readonly #byKey = new Map<string, OpenEntry>();
  readonly #bySession = new Map<string, OpenEntry[]>();
  readonly #all: OpenEntry[] = [];

  /** How many are open. */
  get size(): number {
    return this.#all.length;
  }

  /** Adds a turn in its place by arrival. */
  add(entry: OpenEntry): void {
    const { key, session } = entry.message;
    if (this.#byKey.has(key)) return;
    this.#byKey.set(key, entry);
    insert(this.#all, entry);
    const own = this.#bySession.get(session) ?? [];
    insert(own, entry);
    this.#bySession.set(session, own);
  }

  /** Whether the owner stopped this turn, or a later message interrupts it; the messages say so, hence also after a restart. */
  isStopRequested(entry: OpenEntry): boolean {
    if (entry.stopRequested) return true;
    const { session, arrival } = entry.message;
    return this.ofSession(session).some(({ message }) => message.mode === "interrupt" && message.arrival > arrival);
  }

  /** Whether messages wait behind this turn that may join it. */
  othersMayJoin({ message }: OpenEntry): boolean {
    return this.ofSession(message.session).some((other) => other.message !== message && mayJoin(other));
  }

  /** Whether this message may have joined another turn of its session, which is then not known here. */
  mayHaveJoined(entry: OpenEntry): boolean {
    return mayJoin(entry) && this.ofSession(entry.message.session)[0] !== entry;
  }

  /** Takes a finished turn out. */
  delete(key: string): void {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return;
    this.#byKey.delete(key);
    remove(this.#all, entry);
    const own = this.#bySession.get(entry.message.session) ?? [];
    remove(own, entry);
    if (own.length === 0) this.#bySession.delete(entry.message.session);
  }

  /** One open turn. */
  get(key: string): OpenEntry | undefined {
    return this.#byKey.get(key);
  }

  /** The open turns of a session, the oldest first. */
  ofSession(session: string): readonly OpenEntry[] {
    return this.#bySession.get(session) ?? [];
  }

  /** The sessions that have open turns. */
  sessions(): Iterable<string> {
    return this.#bySession.keys();
  }

  /** A page of open turns, at most ~200 KB and always at least one. */
  select(want: Selection): { readonly open: readonly OpenEntry[]; readonly more: boolean } {
    const from = want.session === undefined ? this.#all : this.ofSession(want.session);
    const open: OpenEntry[] = [];
    let bytes = 0;
    for (const entry of from) {
      if (!this.#isWanted(entry, want)) continue;
      bytes += entry.size;
      if (open.length === want.limit || (open.length > 0 && bytes > MAX_PAGE_BYTES)) return { open, more: true };
      open.push(entry);
    }
    return { open, more: false };
  }

  #isWanted(entry: OpenEntry, { afterArrival, heads, isResting }: Selection): boolean {
    if (entry.message.arrival <= afterArrival || isResting?.(entry) === true) return false;
    return !heads || this.ofSession(entry.message.session)[0] === entry;
  }
}

function mayJoin({ message }: OpenEntry): boolean {
  return message.mode === "steer" || message.mode === "collect";
}

/** Keeps a list in order of arrival; nearly always the new one is last. */
function insert(list: OpenEntry[], entry: OpenEntry): void {
  const at = list.findLastIndex((other) => other.message.arrival < entry.message.arrival);
  list.splice(at + 1, 0, entry);
}

function remove(list: OpenEntry[], entry: OpenEntry): void {
  const at = list.indexOf(entry);
  if (at >= 0) list.splice(at, 1);
}
