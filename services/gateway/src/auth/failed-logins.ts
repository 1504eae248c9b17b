const WINDOW_MS = 60_000;
const LONGEST_WAIT_MS = 900_000;
/** Addresses remembered at a time; the one that failed first is forgotten. */
const MAX_ADDRESSES = 10_000;

interface Failures {
  count: number;
  since: number;
  blockedUntil: number;
  blocks: number;
}

/** Counts wrong tokens and links by address. Right ones always pass, so nobody can lock the owner out. */
export interface FailedLogins {
  /** Notes a failure; answers how long this address has to wait, 0 when it may try again at once. */
  note(address: string, nowMs: number): number;
}

/** After `perMinute` failures an address waits a minute, then two, four… up to a quarter of an hour. */
export function createFailedLogins(perMinute: number): FailedLogins {
  const byAddress = new Map<string, Failures>();
  return {
    note: (address, nowMs) => {
      const failures = byAddress.get(address) ?? { count: 0, since: nowMs, blockedUntil: 0, blocks: 0 };
      byAddress.delete(address);
      byAddress.set(address, failures);
      if (byAddress.size > MAX_ADDRESSES) byAddress.delete(byAddress.keys().next().value ?? "");
      return noteFailure(failures, perMinute, nowMs);
    },
  };
}

function noteFailure(failures: Failures, perMinute: number, nowMs: number): number {
  if (nowMs < failures.blockedUntil) return failures.blockedUntil - nowMs;
  if (nowMs - failures.since >= WINDOW_MS) {
    if (nowMs - failures.blockedUntil >= LONGEST_WAIT_MS) failures.blocks = 0;
    failures.count = 0;
    failures.since = nowMs;
  }
  failures.count += 1;
  if (failures.count <= perMinute) return 0;
  failures.blockedUntil = nowMs + Math.min(WINDOW_MS * 2 ** failures.blocks, LONGEST_WAIT_MS);
  failures.blocks += 1;
  failures.count = 0;
  failures.since = failures.blockedUntil;
  return failures.blockedUntil - nowMs;
}
