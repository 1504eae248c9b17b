import type { z } from "zod";

type ErrorType = "invalid_request_error" | "not_found_error" | "request_too_large" | "api_error";

const statuses: Record<ErrorType, number> = {
  invalid_request_error: 400,
  not_found_error: 404,
  request_too_large: 413,
  api_error: 500,
};

/** A failure that is told to the client as `{type:'error', error:{type, message}}`. */
export class MessagesApiError extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }

  get status(): number {
    return statuses[this.type];
  }

  get body(): { type: "error"; error: { type: ErrorType; message: string } } {
    return { type: "error", error: { type: this.type, message: this.message } };
  }
}

/** Parses a body, or throws `invalid_request_error` with the path of the first wrong field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = deepestIssue(result.error.issues[0]);
  throw new MessagesApiError("invalid_request_error", `${issue.path.join(".") || "body"}: ${issue.message}`);
}

/** Any thrown value as an API error; what is not known becomes `api_error` without inner details. */
export function toMessagesApiError(error: unknown): MessagesApiError {
  if (error instanceof MessagesApiError) return error;
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (statusCode === 413)
    return new MessagesApiError("request_too_large", "the request body is too large", { cause: error });
  if (statusCode && statusCode < 500) {
    return new MessagesApiError("invalid_request_error", `body: ${message ?? code ?? "not readable"}`, {
      cause: error,
    });
  }
  return new MessagesApiError("api_error", "internal error", { cause: error });
}

type Issue = { path: PropertyKey[]; message: string };

/** In a union the branch that got furthest names the field the sender got wrong. */
function deepestIssue(issue: z.core.$ZodIssue | undefined): Issue {
  if (!issue) return { path: [], message: "invalid" };
  const here = { path: issue.path, message: issue.message };
  if (issue.code !== "invalid_union") return here;
  const nested = issue.errors.flat().map((inner) => deepestIssue(inner));
  const deepest = nested.toSorted((a, b) => b.path.length - a.path.length)[0];
  return deepest ? { path: [...issue.path, ...deepest.path], message: deepest.message } : here;
}
