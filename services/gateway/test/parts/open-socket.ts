import type { ServerFrame } from "@matrix-os/contracts/shell/frame";
import { type RawData, WebSocket } from "ws";

/** An open socket, or the status of the refusal. */
export function openSocket(url: string, headers: Record<string, string>): Promise<WebSocket | number> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws`, { headers });
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(socket));
    socket.once("unexpected-response", (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on("error", reject);
  });
}

/** The next frame that fits. */
export function nextFrame(socket: WebSocket, fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
  return new Promise((resolve) => {
    const hear = (data: RawData) => {
      const frame = JSON.parse((data as Buffer).toString()) as ServerFrame;
      if (!fits(frame)) return;
      socket.off("message", hear);
      resolve(frame);
    };
    socket.on("message", hear);
  });
}
