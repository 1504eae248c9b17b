import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { type OsError, rejected, unavailable } from "@matrix-os/contracts/errors";

const MAX_MESSAGE_CHARS = 300;
const passingTypes = new Set(["overloaded_error", "api_error", "timeout_error", "rate_limit_error"]);

/**
 * A failure of the model's server as one of our codes. A rate limit that names a time may be tried again; one that names none
 * is a spend limit and must not be. Servers quote keys in their errors, so their words are redacted before they are cut. A failure inside the stream has no status and is told by its type.
 */
export function toModelError(thrown: unknown, redact: (text: string) => string): OsError {
  if (thrown instanceof APIConnectionError)
    return unavailable("model-unreachable", "the model's server can't be reached", { cause: thrown });
  if (!(thrown instanceof APIError))
    return unavailable("model-unreachable", "the model's answer broke off", { cause: thrown });
  const error: APIError = thrown as APIError;
  const detail = cut(redact(error.apiMessage ?? error.message));
  if (error.status === 429) return toRateLimit(error, detail);
  return mayPass(error)
    ? unavailable("model-overloaded", detail, { cause: error })
    : rejected("model-refused", detail, { cause: error });
}

function mayPass({ status, type }: APIError): boolean {
  if (status === undefined) return passingTypes.has(type ?? "api_error");
  return status >= 500 || status === 408 || status === 409;
}

function toRateLimit(error: APIError, detail: string): OsError {
  const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
  if (Number.isNaN(seconds))
    return rejected("model-refused", `the account's limit is reached: ${detail}`, { cause: error });
  return unavailable("model-overloaded", detail, { retryAfterMs: Math.max(0, seconds * 1_000), cause: error });
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARS ? `${text.slice(0, MAX_MESSAGE_CHARS)}…` : text;
}
