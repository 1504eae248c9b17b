import { garbled } from "./garbled.ts";

/** Bytes that one line of a stream, and a whole reply, may have. */
const MAX_LINE_BYTES = 1_048_576;
const MAX_REPLY_BYTES = 16_777_216;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** A fetch for streamed answers: anything but an event stream is refused, and neither a line nor the whole grows without bound. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const type = response.headers.get("content-type") ?? "nothing";
  if (response.ok && !type.startsWith("text/event-stream")) {
    await response.body?.cancel();
    throw garbled(`the server answered ${type.slice(0, 80)} instead of an event stream`);
  }
  if (response.body === null) return response;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(createBound()), { status, statusText, headers });
};

function createBound(): TransformStream<Uint8Array, Uint8Array> {
  let wholeBytes = 0;
  let lineBytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      wholeBytes += chunk.length;
      const lineEnd = Math.max(chunk.lastIndexOf(NEWLINE), chunk.lastIndexOf(CARRIAGE_RETURN));
      lineBytes = lineEnd < 0 ? lineBytes + chunk.length : chunk.length - lineEnd - 1;
      if (lineBytes > MAX_LINE_BYTES || wholeBytes > MAX_REPLY_BYTES)
        controller.error(garbled("a line or the whole of the answer is too long"));
      else controller.enqueue(chunk);
    },
  });
}
