import { z } from "zod";

/**
 * Whose turn it is after a failure. `rejected`: the sender's fault, no retry. `unavailable`: try later.
 * `broken`: our own bug; detail stays in the log.
 */
export type ErrorKind = "rejected" | "unavailable" | "broken";

/** Every code that may leave a service, with the sentence that explains it. Codes are public API. */
export const errorCodes = {
  invalid: "A value does not fit; `field` says which.",
  "not-found": "Nothing has this name.",
  "already-exists": "Something with this name is there already.",
  conflict: "It changed since it was read; read it again.",
  "too-large": "It is over the limit that the message names.",
  denied: "This caller may not do that.",
  unauthorized: "No valid token came with the request.",
  "stale-epoch": "Another worker has taken over this turn.",
  "is-folder": "The path names a folder where a file is needed.",
  "not-a-folder": "The path runs through something that is not a folder.",
  "nothing-to-undo": "There is no change that could be undone or redone.",
  busy: "A queue is full; try again after `retryAfterMs`.",
  "disk-full": "The disk or the quota is full; free space and try again.",
  "disk-failed": "The disk answered with an error; nothing was accepted.",
  "timed-out": "No answer came before the deadline.",
  "no-responder": "The service that answers this is not running.",
  "bus-down": "The message bus can't be reached.",
  "model-unreachable": "The model's server can't be reached.",
  "model-overloaded": "The model's server is overloaded or limits the rate.",
  "model-refused": "The model's server refused the request.",
  "model-limit": "The account with the model's provider has reached its limit.",
  "model-garbled": "The model's server gave an answer that can't be read.",
  "budget-spent": "A step, tool, time or money budget is used up.",
  "vault-locked": "The vault can't be opened; the message says what helps.",
  stopped: "The owner stopped it.",
  "no-sandbox": "Commands can't be confined on this machine; the message names the remedy.",
  unreachable: "The host outside can't be reached, or breaks off.",
  unreadable: "It holds nothing that can be read as text.",
  "not-set-up": "The owner has not set this up; the message says how.",
  internal: "Something broke inside; the log has the detail.",
} as const;

/** A code of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes;

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** An error as it travels: in a bus reply, a journal record, a problem+json body. */
export const errorBody = z.object({
  kind: z.enum(["rejected", "unavailable", "broken"]),
  code: z.enum(codes),
  message: z.string(),
  field: z.string().optional(),
  retryAfterMs: z.number().int().nonnegative().optional(),
});

/** The travelling form of an `OsError`. */
export type ErrorBody = z.infer<typeof errorBody>;

interface ErrorDetail {
  readonly field?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The one error class. The message is for people who debug; shells make their own words from the code. */
export class OsError extends Error {
  override readonly name = "OsError";
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ErrorKind, code: ErrorCode, detail: ErrorDetail & { readonly message: string }) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.kind = kind;
    this.code = code;
    this.field = detail.field;
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** The sender's fault; retrying the same thing can't help. */
export function rejected(code: ErrorCode, message: string, detail: ErrorDetail = {}): OsError {
  return new OsError("rejected", code, { ...detail, message });
}

/** May work later without a change by the sender. */
export function unavailable(code: ErrorCode, message: string, detail: ErrorDetail = {}): OsError {
  return new OsError("unavailable", code, { ...detail, message });
}

/** Any thrown value as an `OsError`; what is not one already becomes `broken/internal`. */
export function toOsError(thrown: unknown): OsError {
  if (thrown instanceof OsError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OsError("broken", "internal", { message, cause: thrown });
}

/** What may be told to another process. A `broken` error keeps its detail to itself. */
export function toErrorBody(error: OsError): ErrorBody {
  return {
    kind: error.kind,
    code: error.code,
    message: error.kind === "broken" ? errorCodes[error.code] : error.message,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

/** The error that a peer sent, as if it had been thrown here. */
export function fromErrorBody(body: ErrorBody): OsError {
  return new OsError(body.kind, body.code, body);
}

/** A zod failure as `rejected/invalid` that names the first wrong field. */
export function fromZodError(error: z.ZodError): OsError {
  const issue = error.issues[0];
  const field = issue?.path.join(".") ?? "";
  return rejected("invalid", `${field || "body"}: ${issue?.message ?? "invalid"}`, {
    field: field || "body",
    cause: error,
  });
}
