import { problem } from "@matrix-os/contracts/api/problem";
import type { ErrorBody, ErrorCode } from "@matrix-os/contracts/errors";

/** Why something did not work; `offline`: the gateway could not be reached. */
export interface Failure {
  readonly code: ErrorCode | "offline";
  /** For people who debug. */
  readonly detail: string;
  readonly retryAfterMs?: number | undefined;
}

/** A request that failed. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.detail, options);
    this.failure = failure;
  }
}

/** Why a caught error happened. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof RequestError) return thrown.failure;
  return { code: "internal", detail: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The failure that a refused frame names. */
export function fromErrorBody(body: ErrorBody): Failure {
  return { code: body.code, detail: body.message, retryAfterMs: body.retryAfterMs };
}

/** The failure that an HTTP answer tells of. */
export async function fromResponse(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = problem.safeParse(body);
  if (parsed.success) return parsed.data;
  if (response.status === 401) return { code: "unauthorized", detail: "not logged in" };
  return { code: response.status === 404 ? "not-found" : "internal", detail: `the server answered ${response.status}` };
}

const sentences: Readonly<Record<Failure["code"], string>> = {
  offline: "Matrix OS can’t be reached right now.",
  invalid: "That doesn’t fit.",
  "not-found": "It isn’t there any more.",
  "already-exists": "Something with this name is there already.",
  conflict: "It changed in the meantime. Look again, then retry.",
  "too-large": "That is too large.",
  denied: "That isn’t allowed.",
  unauthorized: "This browser isn’t logged in.",
  "stale-epoch": "Another worker took this over.",
  "is-folder": "That is a folder.",
  "not-a-folder": "That is not a folder.",
  "nothing-to-undo": "There is nothing to undo.",
  "not-set-up": "This is not set up yet.",
  unreachable: "A page outside can't be reached.",
  unreadable: "This can't be read as text.",
  "vault-locked": "The vault can’t be opened. Look at the activity for what helps.",
  busy: "Too much is going on right now. Try again in a moment.",
  "disk-full": "The disk is full. Free some space, then try again.",
  "disk-failed": "The disk reported an error. Nothing was changed.",
  "timed-out": "It took too long and was given up.",
  "no-responder": "A part of Matrix OS isn’t running. It is started again by itself.",
  "bus-down": "Matrix OS is restarting inside. Try again in a moment.",
  "model-unreachable": "The model’s server can’t be reached.",
  "model-overloaded": "The model is overloaded or limits how often it may be asked.",
  "model-refused": "The model’s server refused the request. Check the key and the model’s name.",
  "model-limit": "The account with the model’s provider has reached its limit. Raise it there, then try again.",
  "model-garbled": "The model’s server gave an answer that can’t be read.",
  "budget-spent": "The budget for this is used up. You can raise it in system/config.json.",
  stopped: "You stopped it.",
  "no-sandbox": "Commands can’t be confined on this machine, so they are refused. `matrixos doctor` says what helps.",
  internal: "Something broke inside Matrix OS. The log has the details.",
};

/** What a person reads about a failure. */
export function toSentence(code: Failure["code"]): string {
  return sentences[code];
}
