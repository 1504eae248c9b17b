import { z } from "zod";
import { type ErrorCode, errorBody } from "../errors.ts";

/** What a failed request answers, as `application/problem+json` (RFC 9457). Decide on `code`; `detail` is for people who debug. */
export const problem = z.object({
  /** `urn:matrix-os:error:<code>` */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: errorBody.shape.code,
  detail: z.string(),
  /** The field, header or parameter that does not fit; `body` when it is the whole body. */
  field: z.string().optional(),
  retryAfterMs: z.number().int().nonnegative().optional(),
});

/** A failed request. */
export type Problem = z.infer<typeof problem>;

/** The media type of a problem. */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** The `type` of a problem. */
export function toProblemType(code: ErrorCode): string {
  return `urn:matrix-os:error:${code}`;
}
