import { type OsError, unavailable } from "@matrix-os/contracts/errors";

const MAX_MESSAGE_CHARS = 300;

/** An answer that keeps to no protocol; the next one may. */
export function garbled(what: string): OsError {
  return unavailable("model-garbled", what.slice(0, MAX_MESSAGE_CHARS));
}
