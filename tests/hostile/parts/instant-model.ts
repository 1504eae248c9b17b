import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "instant",
  content: [],
  stop_reason: null,
  stop_sequence: null,
};
const events = [
  { type: "message_start", message: { ...message, usage: { input_tokens: 10, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "All of it is done." } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 5 } },
  { type: "message_stop" },
];
const stream = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

/** A Messages API that answers at once and keeps nothing, for crowds. */
export async function startInstantModel(): Promise<
  AsyncDisposable & { readonly url: string; readonly count: () => number }
> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (request.method === "GET") {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ data: [{ id: "instant", type: "model" }], has_more: false }));
        return;
      }
      count += 1;
      response.writeHead(200, { "content-type": "text/event-stream" }).end(stream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
