import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { isAlive, signal } from "@matrix-os/testkit/process-tree";
import { type CallPoint, type Tracer, listPoints, strikeAt } from "./file-calls.ts";
import { type Plan, plans } from "./canonical-turns.ts";
import type { HostileSystem } from "./hostile-system.ts";
import { type Victim, findVictims, untilAlive, victims } from "./victims.ts";

/** A point of a canonical turn at which a part is killed. */
export interface KillPoint extends CallPoint {
  readonly plan: Plan;
  readonly victim: Victim;
}

const QUIET_MS = 100;
const STOP_AFTER_MS = 100;
const REACHED_WITHIN_MS = 8_000;

/** Plays a canonical turn; `slow` has a second message waiting behind it and is stopped in the middle. */
async function playTurn(hostile: HostileSystem, plan: Plan, name: string): Promise<void> {
  await hostile.hand({ session: name, tag: name, plan });
  if (plan !== "slow") return;
  await hostile.hand({ session: name, tag: `${name}-next`, plan: "plain" });
  await delay(STOP_AFTER_MS);
  await hostile.stopSession(name);
}

/** Every point of the six canonical turns, once for each part that can be killed there. */
export async function listKillPoints(hostile: HostileSystem): Promise<KillPoint[]> {
  const found: KillPoint[] = [];
  await playTurn(hostile, "change", "warm-up");
  await hostile.settle();
  for (const plan of plans) {
    const points = await listPoints(await untilAlive(hostile.system, "file"), async () => {
      await playTurn(hostile, plan, `list-${plan}`);
      await hostile.settle();
      await delay(QUIET_MS);
    });
    found.push(...points.flatMap((point) => victims.map((victim) => ({ ...point, plan, victim }))));
  }
  return found;
}

/** Plays a turn up to a point, kills a part there, waits until all is well again. Answers whether the turn came that far. */
export async function killAtPoint(hostile: HostileSystem, point: KillPoint, name: string): Promise<boolean> {
  const pid = await eventually(() => untilWarm(hostile, name), { withinMs: 30_000 });
  await using tracer = await strikeAt(pid, point, point.victim === "file" ? "SIGKILL" : "SIGSTOP");
  const playing = playTurn(hostile, point.plan, name);
  const reached = await isReached(pid, point, tracer);
  if (reached) {
    if (point.victim !== "file") killAll(hostile, point.victim);
    hostile.note(point.victim === "broker" ? "overlap" : "fault");
    signal(pid, "SIGCONT");
  }
  await playing;
  return reached;
}

/** A file service that has just begun has no thread for the disk yet: a turn makes it. */
async function untilWarm(hostile: HostileSystem, name: string): Promise<number> {
  const pid = await untilAlive(hostile.system, "file");
  await hostile.hand({ session: `${name}-warm`, tag: `${name}-warm-${pid}`, plan: "plain" });
  await hostile.settle();
  if (!isAlive(pid)) throw new Error("the file service has begun anew");
  return pid;
}

async function isReached(pid: number, { victim }: KillPoint, tracer: Tracer): Promise<boolean> {
  const check = () => (victim === "file" ? !isAlive(pid) : tracer.output().includes("--- stopped by SIGSTOP"));
  return eventually(check, { withinMs: REACHED_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}

function killAll({ system }: HostileSystem, victim: Victim): void {
  for (const pid of findVictims(system, victim)) signal(pid, "SIGKILL");
}
