/** One event of a server-sent event stream. `id` is the last one that the stream has set. */
export interface SseEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string;
}

/** Most characters that one event may have; a stream with more is refused. */
const MAX_EVENT_LENGTH = 4_000_000;

/**
 * Reads a server-sent event stream in pieces of any size (WHATWG HTML §9.2.6): feed it text, it answers with the events
 * that this completed. Comments and unknown fields are skipped. Throws `RangeError` on an event without an end.
 */
export function createSseParser(): (text: string) => SseEvent[] {
  let rest = "";
  let id = "";
  let type = "";
  let data: string[] = [];
  const takeLine = (line: string): SseEvent | undefined => {
    if (line === "") {
      const event = data.length === 0 ? undefined : { type: type || "message", data: data.join("\n"), id };
      type = "";
      data = [];
      return event;
    }
    const [field, value] = splitField(line);
    if (field === "data") data.push(value);
    if (field === "event") type = value;
    if (field === "id" && !value.includes("\0")) id = value;
    return undefined;
  };
  return (text) => {
    rest += text;
    const [lines, unfinished] = splitLines(rest);
    rest = unfinished;
    if (rest.length > MAX_EVENT_LENGTH) throw new RangeError("the event stream sent a line that never ends");
    return lines.flatMap((line) => takeLine(line) ?? []);
  };
}

function splitField(line: string): [field: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}

// A carriage return at the very end may be the first half of a CRLF: it waits for the next piece.
function splitLines(text: string): [lines: string[], unfinished: string] {
  const held = text.endsWith("\r") ? "\r" : "";
  const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/);
  const unfinished = lines.pop() ?? "";
  return [lines, unfinished + held];
}
