import { setTimeout as delay } from "node:timers/promises";
import { type Plan, plans } from "./canonical-turns.ts";
import type { Fault, HostileSystem, Message } from "./hostile-system.ts";
import type { Random } from "./random.ts";
import { victims } from "./victims.ts";

const SESSIONS = 3;
const MESSAGES_EACH = 4;
const MAX_PAUSE_MS = 250;
const MAX_UNTIL_FAULT_MS = 1_200;
const MAX_FREEZE_MS = 1_500;

/** Messages of one session, one after the other, and faults with the moment of each. */
export interface Schedule {
  readonly clients: readonly (readonly { readonly message: Message; readonly pauseMs: number }[])[];
  readonly faults: readonly { readonly fault: Fault; readonly atMs: number }[];
}

/** 12 messages over 3 sessions while 3 to 7 faults come over 1 to 4 parts. */
export function drawSchedule(random: Random, name: string, pool: readonly Plan[] = plans): Schedule {
  const clients = Array.from({ length: SESSIONS }, (_, client) =>
    Array.from({ length: MESSAGES_EACH }, (_, n) => ({
      message: { session: `${name}-${client}`, tag: `${name}-${client}-${n}`, plan: random.pick(pool) },
      pauseMs: random.below(MAX_PAUSE_MS),
    })),
  );
  const chosen = random.sample(victims, random.between(1, 4));
  const faults = Array.from({ length: random.between(3, 7) }, () => {
    const victim = random.pick(chosen);
    const fault: Fault =
      random.below(4) === 0
        ? { do: "freeze", victim, forMs: random.between(100, MAX_FREEZE_MS) }
        : { do: "kill", victim };
    return { fault, atMs: random.below(MAX_UNTIL_FAULT_MS) };
  });
  return { clients, faults };
}

/** Plays a schedule; resolves when its messages are accepted and its faults are done. Nothing is waited for. */
export async function playSchedule(hostile: HostileSystem, { clients, faults }: Schedule): Promise<void> {
  const handing = clients.map(async (messages) => {
    for (const { message, pauseMs } of messages) {
      await delay(pauseMs);
      await hostile.hand(message);
    }
  });
  const harming = faults.map(async ({ fault, atMs }) => {
    await delay(atMs);
    await hostile.harm(fault);
  });
  await Promise.all([...handing, ...harming]);
}
