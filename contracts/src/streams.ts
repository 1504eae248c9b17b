/** One JetStream stream; every one is bounded in bytes and age. */
export interface StreamDefinition {
  readonly name: string;
  readonly summary: string;
  readonly subjects: readonly string[];
  readonly retention: "workqueue" | "limits";
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Messages per subject; more are refused. */
  readonly maxPerSubject?: number;
  /** Only the newest message of a subject is kept, and each may name a shorter life of its own. */
  readonly keepsNewest?: true;
}

/** Every dead letter. */
export const ANY_DEAD_SUBJECT = "mx.bus.dead.>";

const LEASE_SUBJECTS = "$KV.LEASES.*";

const DAY_MS = 86_400_000;
const MIB = 1_048_576;

/** Every stream of the bus. None holds the truth: all are rebuilt from files after a loss. */
export const streams: readonly StreamDefinition[] = [
  {
    name: "TURNS",
    summary: "Doorbells: one unfinished per session",
    subjects: ["mx.kernel.command.run-turn.*"],
    retention: "workqueue",
    maxBytes: 64 * MIB,
    maxAgeMs: 7 * DAY_MS,
    maxPerSubject: 1,
  },
  {
    name: "EVENTS",
    summary: "What happened, for durable listeners",
    subjects: ["mx.*.event.>"],
    retention: "limits",
    maxBytes: 256 * MIB,
    maxAgeMs: 7 * DAY_MS,
  },
  {
    name: "KV_LEASES",
    summary: "Who leads a role; only avoids double work, the file service's epochs decide",
    subjects: [LEASE_SUBJECTS],
    retention: "limits",
    maxBytes: MIB,
    maxAgeMs: 15_000,
    keepsNewest: true,
  },
  {
    name: "DEAD",
    summary: "Messages given up on, with the reason in their headers",
    subjects: [ANY_DEAD_SUBJECT],
    retention: "limits",
    maxBytes: 64 * MIB,
    maxAgeMs: 30 * DAY_MS,
  },
];

/** The subject under which a dead letter of a message is kept. */
export function toDeadSubject(contractId: string): string {
  return `mx.bus.dead.${contractId}`;
}

/** The subject of a role's lease; the message on it lives 15 s, or until it is claimed anew. */
export function toLeaseSubject(role: string): string {
  return LEASE_SUBJECTS.replace("*", role);
}

/** Roles that one process of a service leads at a time, by the service. */
export const ledRoles: readonly string[] = ["dispatcher"];

/** A durable consumer: who takes messages from a stream. `ackWaitMs` is the lease: a dead worker's message moves on after it. */
export interface ConsumerDefinition {
  readonly stream: string;
  readonly durable: string;
  readonly filter: string;
  readonly ackWaitMs: number;
  /** Deliveries before a message is given up; -1: never by the broker. */
  readonly maxDeliver: number;
}

/** Every durable consumer; made together with the streams by the provisioner. */
export const consumers: readonly ConsumerDefinition[] = [
  { stream: "TURNS", durable: "kernel", filter: "mx.kernel.command.run-turn.*", ackWaitMs: 6_000, maxDeliver: -1 },
];
