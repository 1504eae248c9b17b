import { gzipSync } from "node:zlib";

/** What a server that keeps to no protocol sends. */
export interface OddAnswer {
  readonly name: string;
  readonly type?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written one by one. */
  readonly chunks: readonly (string | Buffer)[];
  /** Keeps the connection open and goes on with this again and again. */
  readonly forever?: string;
  /** What must come of it: a whole answer with this text, or a failure with this kind and code. */
  readonly gives: { readonly text: string } | { readonly kind: "unavailable" | "rejected"; readonly code: string };
}

type Json = Record<string, unknown>;

const say = (event: Json, end = "\n\n"): string =>
  `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}${end}`;
const raw = (type: string, data: string): string => `event: ${type}\ndata: ${data}\n\n`;
const usage = { input_tokens: 11, output_tokens: 1 };
const message = { id: "m", type: "message", role: "assistant", model: "m", content: [], stop_reason: null, usage };
const start: Json = { type: "message_start", message };
const open = (index: number, block: Json = { type: "text", text: "" }): Json => ({
  type: "content_block_start",
  index,
  content_block: block,
});
const delta = (index: number, piece: Json): Json => ({ type: "content_block_delta", index, delta: piece });
const text = (index: number, value: unknown): Json => delta(index, { type: "text_delta", text: value });
const json = (index: number, value: string): Json => delta(index, { type: "input_json_delta", partial_json: value });
const close = (index: number): Json => ({ type: "content_block_stop", index });
const stop = (reason: unknown = "end_turn"): Json => ({
  type: "message_delta",
  delta: { stop_reason: reason, stop_sequence: null },
  usage: { output_tokens: 5 },
});
const end: Json = { type: "message_stop" };
const call = (id: unknown = "c1", name: unknown = "read_file"): Json => ({ type: "tool_use", id, name, input: {} });

const whole = [start, open(0), text(0, "Grüße, 👩‍👩‍👧!"), close(0), stop(), end];
const good = { text: "Grüße, 👩‍👩‍👧!" };
const isGarbled = { kind: "unavailable", code: "model-garbled" } as const;
const isBroken = { kind: "unavailable", code: "model-unreachable" } as const;
const isOverloaded = { kind: "unavailable", code: "model-overloaded" } as const;

const events = (name: string, gives: OddAnswer["gives"], ...list: Json[]): OddAnswer => ({
  name,
  gives,
  chunks: list.map((event) => say(event)),
});
const wholeBytes = Buffer.from(whole.map((event) => say(event)).join(""));
const each = (size: number): Buffer[] =>
  Array.from({ length: Math.ceil(wholeBytes.length / size) }, (_, at) =>
    wholeBytes.subarray(at * size, (at + 1) * size),
  );
const withTool = (pieces: readonly string[], reason: string): Json[] => [
  start,
  open(0, call()),
  ...pieces.map((piece) => json(0, piece)),
  close(0),
  stop(reason),
  end,
];

/** Sixty and more streams, each with what must come of it. */
export const oddAnswers: readonly OddAnswer[] = [
  events("the plain stream", good, ...whole),
  { name: "one byte at a time, letters split", gives: good, chunks: each(1) },
  { name: "three bytes at a time", gives: good, chunks: each(3) },
  { name: "CRLF line ends", gives: good, chunks: [wholeBytes.toString().replaceAll("\n", "\r\n")] },
  { name: "CR line ends", gives: good, chunks: [wholeBytes.toString().replaceAll("\n", "\r")] },
  {
    name: "CRLF split between its halves",
    gives: good,
    chunks: wholeBytes
      .toString()
      .replaceAll("\n", "\r\n")
      .split(/(?<=\r)/),
  },
  { name: "comments and blank lines between", gives: good, chunks: whole.map((event) => `: hello\n\n\n${say(event)}`) },
  { name: "pings between", gives: good, chunks: whole.map((event) => raw("ping", '{"type":"ping"}') + say(event)) },
  {
    name: "events of unknown kinds between",
    gives: good,
    chunks: whole.map((event) => say({ type: "aura" }) + say(event)),
  },
  { name: "[DONE] behind", gives: good, chunks: [wholeBytes, "data: [DONE]\n\n"] },
  { name: "rubbish behind the end", gives: good, chunks: [wholeBytes, say(text(9, "x")), say(start)] },
  {
    name: "data over several lines",
    gives: good,
    chunks: [wholeBytes.toString().replaceAll(',"index"', ',\ndata: "index"')],
  },
  {
    name: "data without the blank behind the colon",
    gives: good,
    chunks: [wholeBytes.toString().replaceAll("data: ", "data:")],
  },
  { name: "an answer that stays open behind its end", gives: good, chunks: [wholeBytes], forever: ": open\n\n" },
  events("deltas of unknown kinds", good, start, open(0), delta(0, { type: "hum", x: 1 }), ...whole.slice(2)),
  events("no content_block_stop", good, start, open(0), text(0, good.text), stop(), end),
  events("no message_delta", good, start, open(0), text(0, good.text), close(0), end),
  events(
    "usage that is no number",
    good,
    { type: "message_start", message: { ...message, usage: { input_tokens: "many" } } },
    ...whole.slice(1),
  ),
  events(
    "usage that is negative",
    good,
    { type: "message_start", message: { ...message, usage: { input_tokens: -5 } } },
    ...whole.slice(1),
  ),
  events("no usage", good, { type: "message_start", message: { ...message, usage: undefined } }, ...whole.slice(1)),
  { name: "gzip that is told", gives: good, headers: { "content-encoding": "gzip" }, chunks: [gzipSync(wholeBytes)] },
  { name: "a byte order mark before", gives: isGarbled, chunks: ["\uFEFF", say(start), say(open(3))] },
  { name: "nothing at all", gives: isBroken, chunks: [] },
  { name: "blank lines only", gives: isBroken, chunks: ["\n\n\n\n"] },
  { name: "comments only", gives: isBroken, chunks: [": a\n\n: b\n\n"] },
  {
    name: "data without event names",
    gives: isBroken,
    chunks: whole.map((event) => `data: ${JSON.stringify(event)}\n\n`),
  },
  events("no message_stop", isBroken, ...whole.slice(0, -1)),
  events("only the start", isBroken, start),
  events("no start", isGarbled, ...whole.slice(1)),
  events("two starts", isGarbled, start, ...whole),
  events("the end at once", isGarbled, end),
  events(
    "an index twice",
    isGarbled,
    start,
    open(0),
    text(0, "a"),
    close(0),
    open(0),
    text(0, "b"),
    close(0),
    stop(),
    end,
  ),
  events("an index left out", isGarbled, start, open(1), text(1, "a"), close(1), stop(), end),
  events("an index below zero", isGarbled, start, open(-1), stop(), end),
  events("an index that is no number", isGarbled, start, { ...open(0), index: "0" }, stop(), end),
  events("a delta before its block", isGarbled, start, text(0, "a"), stop(), end),
  events("a delta for an earlier block", isGarbled, start, open(0), open(1), text(0, "late"), stop(), end),
  events("the stop of another block", isGarbled, start, open(0), close(4), stop(), end),
  events("text for a tool call", isGarbled, start, open(0, call()), text(0, "a"), stop("tool_use"), end),
  events("arguments for a text", isGarbled, start, open(0), json(0, "{}"), stop(), end),
  events("a thought for a text", isGarbled, start, open(0), delta(0, { type: "thinking_delta", thinking: "hm" }), end),
  events("text that is a number", isGarbled, start, open(0), text(0, 7), stop(), end),
  events("text that is missing", isGarbled, start, open(0), delta(0, { type: "text_delta" }), stop(), end),
  events("a delta without a kind", isGarbled, start, open(0), delta(0, { text: "x" }), stop(), end),
  events("a block without a kind", isGarbled, start, open(0, { text: "" }), stop(), end),
  events("a call without an id", isGarbled, start, open(0, { type: "tool_use", name: "n", input: {} }), stop(), end),
  events("a call with an empty id", isGarbled, start, open(0, call("")), stop("tool_use"), end),
  events("a call whose name is a number", isGarbled, start, open(0, call("c", 5)), stop("tool_use"), end),
  events(
    "two calls with one id",
    isGarbled,
    start,
    open(0, call()),
    close(0),
    open(1, call()),
    close(1),
    stop("tool_use"),
    end,
  ),
  events("arguments that are no JSON", isGarbled, ...withTool(['{"path": oops}'], "tool_use")),
  events("arguments that are cut off", isGarbled, ...withTool(['{"path": "a', ""], "tool_use")),
  events("arguments that are a list", isGarbled, ...withTool(["[1,2]"], "tool_use")),
  events("arguments that are null", isGarbled, ...withTool(["null"], "tool_use")),
  events("arguments that are two objects", isGarbled, ...withTool(["{}", "{}"], "tool_use")),
  events("a stop reason that is a number", isGarbled, start, open(0), text(0, "a"), close(0), stop(5), end),
  {
    name: "a delta that is no JSON",
    gives: isGarbled,
    chunks: [say(start), say(open(0)), raw("content_block_delta", '{"type":"content')],
  },
  { name: "data that is a word", gives: isGarbled, chunks: [raw("message_start", "hello")] },
  { name: "data that is a number", gives: isGarbled, chunks: [raw("message_start", "42")] },
  { name: "data that is null", gives: isGarbled, chunks: [raw("message_start", "null")] },
  { name: "data that is a list", gives: isGarbled, chunks: [raw("message_start", "[]")] },
  { name: "data without a type", gives: isGarbled, chunks: [raw("message_start", "{}")] },
  { name: "a type that is a number", gives: isGarbled, chunks: [raw("message_start", '{"type":1}')] },
  {
    name: "bytes that are no UTF-8",
    gives: isBroken,
    chunks: [Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a, 0x0a])],
  },
  {
    name: "a line of ten megabytes",
    gives: isGarbled,
    chunks: [say(start), `event: x\ndata: ${"x".repeat(10_485_760)}`],
  },
  { name: "a line that never ends", gives: isGarbled, chunks: [say(start)], forever: "x".repeat(65_536) },
  {
    name: "an answer that never ends",
    gives: { kind: "rejected", code: "model-garbled" },
    chunks: [say(start), say(open(0))],
    forever: say(text(0, "x".repeat(16_384))),
  },
  {
    name: "blocks that never end",
    gives: { kind: "rejected", code: "model-garbled" },
    chunks: [say(start), ...Array.from({ length: 30_000 }, (_, at) => say(open(at)))],
    forever: ": more\n\n",
  },
  { name: "pings for ever", gives: isBroken, chunks: [say(start)], forever: raw("ping", '{"type":"ping"}') },
  { name: "comments for ever", gives: isBroken, chunks: [], forever: ": still here\n\n" },
  {
    name: "an error after the start",
    gives: isOverloaded,
    chunks: [say(start), raw("error", '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')],
  },
  {
    name: "an error of the request inside the stream",
    gives: { kind: "rejected", code: "model-refused" },
    chunks: [say(start), raw("error", '{"type":"error","error":{"type":"invalid_request_error","message":"no"}}')],
  },
  { name: "an error that is no JSON", gives: isOverloaded, chunks: [say(start), raw("error", "boom")] },
  { name: "an error that is blank", gives: isOverloaded, chunks: [say(start), raw("error", "{}")] },
  {
    name: "a page instead of a stream",
    gives: isGarbled,
    type: "text/html",
    chunks: ["<html><body>Please log in</body></html>"],
  },
  { name: "JSON instead of a stream", gives: isGarbled, type: "application/json", chunks: [JSON.stringify(message)] },
  { name: "plain text instead of a stream", gives: isGarbled, type: "text/plain", chunks: [wholeBytes] },
  { name: "bytes instead of a stream", gives: isGarbled, type: "application/octet-stream", chunks: [wholeBytes] },
  { name: "gzip that is not", gives: isBroken, headers: { "content-encoding": "gzip" }, chunks: [wholeBytes] },
  {
    name: "gzip that is cut off",
    gives: isBroken,
    headers: { "content-encoding": "gzip" },
    chunks: [gzipSync(wholeBytes).subarray(0, 60)],
  },
  { name: "gzip that nobody told of", gives: isBroken, chunks: [gzipSync(wholeBytes)] },
  { name: "an empty 204", gives: isBroken, status: 204, chunks: [] },
  { name: "a 500 with a page", gives: isOverloaded, status: 500, type: "text/html", chunks: ["<h1>oops</h1>"] },
  { name: "a 502 without a body", gives: isOverloaded, status: 502, chunks: [] },
  {
    name: "a 503 that never ends",
    gives: isOverloaded,
    status: 503,
    type: "text/plain",
    chunks: [],
    forever: "x".repeat(65_536),
  },
];

/** A stream with a thought, text of several bytes a letter, and two calls. */
export const recordedStream: Buffer = Buffer.from(
  [
    start,
    open(0, { type: "thinking", thinking: "", signature: "" }),
    delta(0, { type: "thinking_delta", thinking: "Look first." }),
    delta(0, { type: "signature_delta", signature: "c2ln" }),
    close(0),
    open(1),
    text(1, "Ich schaue nach, "),
    text(1, "ob es „Grüße“ gibt 👩‍👩‍👧."),
    close(1),
    open(2, call("c1")),
    json(2, '{"path":"no'),
    json(2, 'tes/ä.md"}'),
    close(2),
    open(3, call("c2", "list_files")),
    json(3, ""),
    close(3),
    stop("tool_use"),
    end,
  ]
    .map((event) => say(event))
    .join(""),
);
