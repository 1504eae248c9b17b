import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { eventually } from "@matrix-os/testkit/eventually";
import { signal } from "@matrix-os/testkit/process-tree";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import { type SystemOptions, type TestSystem, startSystem } from "@matrix-os/testkit/start-system";
import { type AcceptedMessage, type History, judge } from "../oracle.ts";
import { type Plan, createScript, readAsked, toText } from "./canonical-turns.ts";
import { type Follower, followSession } from "./follow-session.ts";
import { readHistory } from "./read-history.ts";
import { type Victim, findVictims, wipeBroker } from "./victims.ts";

/** A message of a schedule. The tag names it once and for all; the same tag again is the same message. */
export interface Message {
  readonly session: string;
  readonly tag: string;
  readonly plan: Plan;
}

/** What is done to the system: a part is killed, frozen for a while, or the broker loses its store. */
export type Fault =
  | { readonly do: "kill"; readonly victim: Victim }
  | { readonly do: "freeze"; readonly victim: Victim; readonly forMs: number }
  | { readonly do: "wipe" };

/** A whole system, each service its own process, with a scripted model, watchers, and a record of all that was done to it. */
export interface HostileSystem extends AsyncDisposable {
  readonly system: TestSystem;
  readonly model: MessagesServer;
  /** Hands a message in, again and again until it is accepted. */
  readonly hand: (message: Message) => Promise<AcceptedMessage>;
  readonly stopSession: (session: string) => Promise<void>;
  readonly harm: (fault: Fault) => Promise<void>;
  /** Notes a fault that somebody else does. */
  readonly note: (how: "fault" | "overlap") => void;
  /** Waits until every accepted message is answered and nothing is open, or time is up; answers what the oracle says. */
  readonly settle: () => Promise<string[]>;
  readonly readHistory: () => History;
}

const ACCEPTED_WITHIN_MS = 40_000;
const SETTLED_WITHIN_MS = Number(process.env["SETTLE_MS"] ?? 60_000);
const AGAIN_MS = 100;

/** Starts one. `kernels`: how many workers. */
export async function startHostileSystem(
  options: { readonly kernels?: number } & Omit<SystemOptions, "split"> = {},
): Promise<HostileSystem> {
  const model = await startMessagesServer(createScript());
  const env = {
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: "key",
    KERNEL: String(options.kernels ?? 3),
    ...options.env,
  };
  const system = await startSystem({ ...options, env, split: "processes" });
  const record: Record_ = {
    accepted: [],
    followers: new Map(),
    faults: 0,
    overlaps: 0,
    lastFaultAt: performance.now(),
    settledAt: 0,
  };
  const readWhole = (): History => toHistory(system, model, record);
  return {
    system,
    model,
    hand: (message) => hand(system, record, message),
    stopSession: async (session) => {
      await eventually(() => postStop(system, session), { withinMs: ACCEPTED_WITHIN_MS });
    },
    harm: async (fault) => {
      await harm(system, fault);
      note(record, isForgetful(fault) ? "overlap" : "fault");
    },
    note: (how) => note(record, how),
    settle: async () => {
      await eventually(() => isSettled(system, record), { withinMs: SETTLED_WITHIN_MS }).catch(() => undefined);
      record.settledAt = performance.now();
      return judge(readWhole());
    },
    readHistory: readWhole,
    [Symbol.asyncDispose]: async () => {
      for (const follower of record.followers.values()) follower[Symbol.dispose]();
      await system[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

/** A broker that was killed may not know any more who holds a session, and give it to a second worker before the first one notices. */
function isForgetful(fault: Fault): boolean {
  return fault.do === "wipe" || fault.victim === "broker";
}

interface Record_ {
  readonly accepted: AcceptedMessage[];
  readonly followers: Map<string, Follower>;
  faults: number;
  overlaps: number;
  lastFaultAt: number;
  settledAt: number;
}

function note(record: Record_, how: "fault" | "overlap"): void {
  record.faults += 1;
  if (how === "overlap") record.overlaps += 1;
  record.lastFaultAt = performance.now();
}

async function hand(system: TestSystem, record: Record_, message: Message): Promise<AcceptedMessage> {
  const { session, tag, plan } = message;
  if (!record.followers.has(session)) record.followers.set(session, followSession(system, session));
  const sentAtMs = performance.now();
  const turn = await eventually(() => postMessage(system, { session, text: toText(tag, plan), idempotencyKey: tag }), {
    withinMs: ACCEPTED_WITHIN_MS,
  });
  const accepted = { session, turn, sentAtMs, acceptedAtMs: performance.now() };
  record.accepted.push(accepted);
  return accepted;
}

async function postMessage(system: TestSystem, body: unknown): Promise<string | undefined> {
  const response = await post(system, sendMessageRoute.path, body);
  const answer: unknown = await response?.json().catch(() => undefined);
  if (response?.status === 202) return sendMessageRoute.reply?.parse(answer).message;
  if (response !== undefined && response.status < 500 && response.status !== 429)
    throw new Error(`refused for good: ${response.status} ${JSON.stringify(answer)}`);
  await delay(AGAIN_MS);
  return undefined;
}

async function postStop(system: TestSystem, session: string): Promise<boolean> {
  const response = await post(system, `/api/v1/sessions/${session}/stop`, {});
  await response?.body?.cancel();
  if (response?.ok !== true) await delay(AGAIN_MS);
  return response?.ok === true;
}

function post(system: TestSystem, path: string, body: unknown): Promise<Response | undefined> {
  const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return system.fetch(path, { ...init, signal: AbortSignal.timeout(ACCEPTED_WITHIN_MS) }).catch(() => undefined);
}

async function harm(system: TestSystem, fault: Fault): Promise<void> {
  if (fault.do === "wipe") return wipeBroker(system);
  // Of several workers the oldest: the newest may not have begun anything.
  const pid = findVictims(system, fault.victim)[0];
  if (pid === undefined) return;
  if (fault.do === "kill") return signal(pid, "SIGKILL");
  signal(pid, "SIGSTOP");
  await delay(fault.forMs);
  signal(pid, "SIGCONT");
}

function isSettled(system: TestSystem, { accepted, followers }: Record_): boolean {
  const seen = accepted.every(({ session, turn }) => followers.get(session)?.hasFinished(turn) === true);
  return seen && readdirSync(join(system.home, "system", "open")).length === 0;
}

function toHistory(system: TestSystem, model: MessagesServer, record: Record_): History {
  const kept = readHistory(system.home);
  const turns = new Map(kept.inbox.map(({ turn, text }) => [readTag(text), turn]));
  return {
    ...kept,
    accepted: record.accepted,
    calls: model.requests.map(({ body, at }) => {
      const { tag, step } = readAsked(body);
      return { turn: turns.get(tag) ?? tag, step, atMs: performance.timeOrigin + at };
    }),
    watched: new Map([...record.followers].map(([session, { events }]) => [session, events])),
    faults: record.faults,
    overlaps: record.overlaps,
    recoveredAfterMs: record.settledAt - record.lastFaultAt,
  };
}

function readTag(text: string): string {
  return /#([\w-]+) /.exec(text)?.[1] ?? "";
}

/** The process that holds a turn, as its journal names it. */
export function findWorker(
  system: TestSystem,
  { session, turn }: Pick<AcceptedMessage, "session" | "turn">,
): number | undefined {
  const path = join(system.home, "system", "sessions", session, "turns", `${turn}.jsonl`);
  const owner = [...readText(path).matchAll(/"owner":"([^"]+)"/g)].at(-1)?.[1] ?? "";
  const pid = Number(owner.split(".").at(-2));
  return system.pids().includes(pid) ? pid : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
