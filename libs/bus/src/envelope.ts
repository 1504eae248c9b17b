import { randomUUID } from "node:crypto";
import { headers as names } from "@matrix-os/contracts/headers";
import { type OsError, errorBody, fromErrorBody, rejected, toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { type Msg, type MsgHdrs, headers as createHeaders } from "@nats-io/nats-core";
import { type Trace, currentTrace, toChildTrace, toTrace } from "./trace.ts";

/** Largest body on the bus; bigger things are files or streams. */
const MAX_BODY_BYTES = 262_144;
const MAX_ERROR_CHARS = 2_000;

/** Headers for a new message of this contract, carrying the current trace on. */
export function toHeaders(contractId: string, source: string): MsgHdrs {
  const trace = toChildTrace(currentTrace());
  const head = createHeaders();
  head.set(names.id, randomUUID());
  head.set(names.type, `${contractId}.v1`);
  head.set(names.source, source);
  head.set(names.time, new Date().toISOString());
  head.set(names.traceparent, trace.traceparent);
  head.set(names.correlation, trace.correlation);
  return head;
}

/** The trace a message arrived with; a message without one starts its own. */
export function fromHeaders(head: MsgHdrs | undefined): Trace {
  return toTrace(head?.get(names.traceparent) ?? "", head?.get(names.correlation) ?? "");
}

/** JSON text of a body. Errors: `too-large` past 256 KB. */
export function encodeBody(body: unknown): string {
  const text = JSON.stringify(body);
  if (text.length > MAX_BODY_BYTES || Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw rejected("too-large", `a message body may have ${MAX_BODY_BYTES} bytes`);
  }
  return text;
}

/** The parsed JSON of a message. Errors: `invalid`. */
export function decodeBody(message: { string(): string }): unknown {
  try {
    return JSON.parse(message.string());
  } catch (cause) {
    throw rejected("invalid", "the body is not JSON", { field: "body", cause });
  }
}

/** Headers and body that carry an error back to the one who asked. */
export function encodeError(error: OsError): { headers: MsgHdrs; body: string } {
  const head = createHeaders();
  head.set(names.error, error.kind);
  const { message, field, ...rest } = toErrorBody(error);
  const short = { ...rest, message: cut(message), ...(field === undefined ? {} : { field: cut(field) }) };
  return { headers: head, body: JSON.stringify(short) };
}

/** An error may quote what was wrong; the quote must not make the error itself too large to be sent. */
function cut(text: string): string {
  return text.length <= MAX_ERROR_CHARS ? text : `${text.slice(0, MAX_ERROR_CHARS)}…`;
}

/** The error a reply carries, if it carries one. */
export function decodeError(reply: Msg): OsError | undefined {
  if (!reply.headers?.has(names.error)) return undefined;
  const parsed = errorBody.safeParse(decodeBody(reply));
  return parsed.success
    ? fromErrorBody(parsed.data)
    : toOsError(new TypeError("an unreadable error came back", { cause: parsed.error }));
}
