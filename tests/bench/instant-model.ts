import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// A Messages API server that answers «pong» at once: what is left of a turn's time and CPU is our own.
const events = [
  [
    "message_start",
    {
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "instant",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 0 },
      },
    },
  ],
  ["content_block_start", { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }],
  ["content_block_delta", { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "pong" } }],
  ["content_block_stop", { type: "content_block_stop", index: 0 }],
  [
    "message_delta",
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 1 } },
  ],
  ["message_stop", { type: "message_stop" }],
] as const;
const answer = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join("");

let promptChars = 0;

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    if (request.url === "/stats") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ promptChars }));
      return;
    }
    if (request.url?.startsWith("/v1/models") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ data: [{ id: "instant", type: "model" }], has_more: false }));
      return;
    }
    if (promptChars === 0) {
      const { system, tools } = JSON.parse(body) as { system: unknown; tools: unknown };
      promptChars = JSON.stringify(system).length + JSON.stringify(tools).length;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit());
