import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { OsError, rejected, unavailable } from "@matrix-os/contracts/errors";

const MAX_MESSAGE_CHARS = 300;
const passingTypes = new Set(["overloaded_error", "api_error", "timeout_error", "rate_limit_error"]);

/**
 * A failure of the model's server as one of our codes. A rate limit that names a time may be tried again; one that names none
 * is a spend limit and must not be. Servers quote keys in their errors, so their words are redacted before they are cut. A failure inside the stream has no status and is told by its type.
 */
export function toModelError(thrown: unknown, redact: (text: string) => string): OsError {
  if (thrown instanceof OsError) return thrown;
  if (thrown instanceof APIConnectionError) {
    // What our own fetch refused arrives wrapped.
    if (thrown.cause instanceof OsError) return thrown.cause;
    return unavailable("model-unreachable", "the model's server can't be reached", { cause: thrown });
  }
  if (thrown instanceof SyntaxError)
    return unavailable("model-garbled", "an event of the answer is no JSON", { cause: thrown });
  if (!(thrown instanceof APIError))
    return unavailable("model-unreachable", "the model's answer broke off", { cause: thrown });
  const error: APIError = thrown as APIError;
  return fromApiError(error, cut(redact(error.apiMessage ?? error.message)));
}

function fromApiError(error: APIError, detail: string): OsError {
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
  const retryAfterMs = toRetryAfterMs(error.headers?.get("retry-after") ?? undefined);
  if (retryAfterMs === undefined)
    return rejected("model-limit", `the account's limit is reached: ${detail}`, { cause: error });
  return unavailable("model-overloaded", detail, { retryAfterMs, cause: error });
}

/** Seconds, or the date of an HTTP header. */
function toRetryAfterMs(told: string | undefined): number | undefined {
  if (told === undefined || told.trim() === "") return undefined;
  const seconds = Number(told);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(told) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, Math.ceil(waitMs));
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARS ? `${text.slice(0, MAX_MESSAGE_CHARS)}…` : text;
}
