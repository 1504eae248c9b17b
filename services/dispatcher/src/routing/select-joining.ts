import type { StoredMessage } from "@matrix-os/contracts/turn/message";

/** Bytes (as JSON) of the messages that one turn may take in; they share its ending's room on the bus. */
const MAX_JOINED_BYTES = 64_000;
const MAX_JOINED = 100;

/** A turn that takes messages in. */
export interface JoinedTurn {
  readonly turn: string;
  /** Those that joined before. */
  readonly joined: readonly string[];
  /** Whether the model was asked already. */
  readonly hasBegun: boolean;
}

/**
 * Which open messages of a session (by arrival) join a turn: those that steer, wherever they wait; and those to be collected, as
 * long as the turn collects, has not begun, and nothing else waits between them. What does not fit waits for a turn of its own.
 */
export function selectJoining(open: readonly StoredMessage[], into: JoinedTurn): StoredMessage[] {
  const at = open.findIndex(({ key }) => key === into.turn);
  const running = open[at];
  if (running === undefined) return [];
  const joined = new Set(into.joined);
  const behind = open.slice(at + 1);
  const collected = new Set(running.mode === "collect" && !into.hasBegun ? takeCollected(behind) : []);
  const candidates = behind.filter((one) => joined.has(one.key) || one.mode === "steer" || collected.has(one));
  return fit(candidates, joined);
}

function takeCollected(behind: readonly StoredMessage[]): readonly StoredMessage[] {
  const end = behind.findIndex(({ mode }) => mode !== "collect");
  return end === -1 ? behind : behind.slice(0, end);
}

function fit(candidates: readonly StoredMessage[], joined: ReadonlySet<string>): StoredMessage[] {
  const before = candidates.filter(({ key }) => joined.has(key));
  let room = MAX_JOINED_BYTES - before.reduce((sum, message) => sum + toBytes(message), 0);
  let count = MAX_JOINED - joined.size;
  const fitting: StoredMessage[] = [];
  for (const message of candidates) {
    if (joined.has(message.key)) continue;
    room -= toBytes(message);
    count -= 1;
    if (room < 0 || count < 0) break;
    fitting.push(message);
  }
  return fitting;
}

function toBytes(message: StoredMessage): number {
  return Buffer.byteLength(JSON.stringify(message));
}
