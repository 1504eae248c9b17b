import { expect, test } from "vitest";
import { createSseParser, type SseEvent } from "./sse-parser.ts";

const stream =
  ': hello\n\nid: 1.2\nevent: text\ndata: {"a":\ndata:  1}\n\ndata: x\r\n\r\nevent: empty\n\nid: 1.3\rdata\r\rretry: 5\ndata: é𝒳\n\n';
const events: SseEvent[] = [
  { type: "text", data: '{"a":\n 1}', id: "1.2" },
  { type: "message", data: "x", id: "1.2" },
  { type: "message", data: "", id: "1.3" },
  { type: "message", data: "é𝒳", id: "1.3" },
];

test.each([1, 2, 3, 7, 1_000])("a stream in pieces of %i gives the same events", (size) => {
  const parse = createSseParser();
  const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, n) =>
    stream.slice(n * size, (n + 1) * size),
  );
  expect(pieces.flatMap(parse)).toEqual(events);
});

test("an event that has not ended is kept back", () => {
  const parse = createSseParser();
  expect(parse("data: a\n")).toEqual([]);
  expect(parse("\n")).toEqual([{ type: "message", data: "a", id: "" }]);
});

test("a line without an end is refused before it fills the memory", () => {
  const parse = createSseParser();
  const piece = "x".repeat(1_000_000);
  expect(() => Array.from({ length: 5 }, () => parse(piece))).toThrow(RangeError);
});
