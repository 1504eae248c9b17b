import type { ErrorBody, ErrorCode } from "@matrix-os/contracts/errors";

/** An error as OpenAI's clients expect it. */
export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
  };
}

const types: Partial<Record<ErrorCode, string>> = {
  unauthorized: "authentication_error",
  denied: "permission_error",
  busy: "rate_limit_error",
  "budget-spent": "insufficient_quota",
};

/** Keeps our code; the type is OpenAI's nearest. */
export function toOpenAiError(body: ErrorBody): OpenAiError {
  const fallback = body.kind === "rejected" ? "invalid_request_error" : "server_error";
  return {
    error: { message: body.message, type: types[body.code] ?? fallback, code: body.code, param: body.field ?? null },
  };
}
