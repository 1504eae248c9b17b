import type { Bus } from "@matrix-os/bus";

const ANSWER_WITHIN_MS = 500;
const TRUST_MS = 1_000;

/** The services that a turn needs. */
export const coreServices = ["dispatcher", "kernel", "file"] as const;

/** Whether the bus and the core services answer; asked at most once a second. */
export interface Readiness {
  /** What does not answer: `bus` or names of services; empty when all is well. */
  findMissing(): Promise<readonly string[]>;
}

/** Asks each service by the NATS services protocol. */
export function createReadiness(bus: Bus): Readiness {
  let asked: { readonly at: number; readonly missing: Promise<readonly string[]> } | undefined;
  return {
    findMissing: async () => {
      const now = performance.now();
      if (asked === undefined || now - asked.at > TRUST_MS) asked = { at: now, missing: findMissing(bus) };
      return await asked.missing;
    },
  };
}

async function findMissing(bus: Bus): Promise<readonly string[]> {
  if (!bus.isUp()) return ["bus"];
  const answers = await Promise.all(coreServices.map(async (name) => ((await isAnswering(bus, name)) ? [] : [name])));
  return answers.flat();
}

/** Whether a service answers. */
export async function isAnswering(bus: Bus, name: string): Promise<boolean> {
  return bus.connection.nats.request(`$SRV.PING.${name}`, "", { timeout: ANSWER_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}
