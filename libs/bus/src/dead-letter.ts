import { headers as names } from "@matrix-os/contracts/headers";
import type { OsError } from "@matrix-os/contracts/errors";
import { toDeadSubject } from "@matrix-os/contracts/streams";
import type { Connection } from "./connection.ts";
import type { Delivery } from "./delivery.ts";
import { toHeaders } from "./envelope.ts";

/** Keeps a message that nobody could handle, with the reason; if even that fails, the observer's log line is what is left. */
export async function keepDeadLetter(
  connection: Connection,
  delivery: Delivery,
  why: { readonly contractId: string; readonly error: OsError },
): Promise<void> {
  const head = toHeaders(why.contractId, connection.name);
  head.set(names.deadSubject, delivery.subject);
  head.set(names.deadReason, `${why.error.kind}/${why.error.code}`);
  head.set(names.deadAttempts, String(delivery.attempt));
  await connection.jetstream
    .publish(toDeadSubject(why.contractId), delivery.data, { headers: head })
    .catch(() => undefined);
}
