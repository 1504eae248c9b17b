import { toLeaseSubject } from "@matrix-os/contracts/streams";
import { JetStreamApiError } from "@nats-io/jetstream";
import type { Connection } from "./connection.ts";
import { toTransportError } from "./request.ts";

const WRONG_LAST_SEQUENCE = 10071;

/** What a claim is made with. */
export interface Claim {
  readonly role: string;
  readonly owner: string;
  /** The number of the own last claim, 0 for a first one. */
  readonly after: number;
  /** Gives the lease back: it ends after a second instead of 15. */
  readonly isLast?: boolean;
}

/**
 * Claims a role's lease for 15 s, by compare and set. Answers the claim's number, or `undefined` while somebody else holds it.
 * A lease decides who tries, never whose writes count. Errors: `bus-down`, `no-responder`, `timed-out`.
 */
export async function claimLease(connection: Connection, claim: Claim): Promise<number | undefined> {
  try {
    const { seq } = await connection.jetstream.publish(toLeaseSubject(claim.role), claim.owner, {
      expect: { lastSubjectSequence: claim.after },
      ...(claim.isLast === true ? { ttl: "1s" } : {}),
    });
    return seq;
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.code === WRONG_LAST_SEQUENCE) return undefined;
    throw toTransportError("the claim of a lease", cause);
  }
}
