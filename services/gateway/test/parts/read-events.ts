/** A parsed message of an event stream. */
export interface HeardEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** The messages of an event stream as they come. Leaving the loop closes the connection. */
export async function* readEvents(response: Response): AsyncGenerator<HeardEvent> {
  if (response.body === null) return;
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const event = parse(text.slice(0, end));
      text = text.slice(end + 2);
      if (event !== undefined) yield event;
    }
  }
}

function parse(block: string): HeardEvent | undefined {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
  );
  const data = fields.get("data");
  if (data === undefined) return undefined;
  return { id: fields.get("id"), event: fields.get("event") ?? "message", data: JSON.parse(data) };
}

/** The next messages up to and with the first that fits. */
export async function readUntil(
  events: AsyncGenerator<HeardEvent>,
  fits: (event: HeardEvent) => boolean,
): Promise<HeardEvent[]> {
  const heard: HeardEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return heard;
    heard.push(next.value);
    if (fits(next.value)) return heard;
  }
}
