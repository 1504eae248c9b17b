import type { FastifyInstance, FastifyRequest } from "fastify";
import { limits } from "../auth/limits.ts";

/** Cuts off clients whose body drips: each stretch of time must bring some of it, or its end. */
export function addSlowClientGuard(app: FastifyInstance, stretchMs: number): void {
  app.addHook("onRequest", async (request) => {
    if (!request.raw.complete && hasBody(request)) watchBody(request, stretchMs);
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function watchBody({ raw }: FastifyRequest, stretchMs: number): void {
  const { socket } = raw;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (raw.complete) return clearInterval(timer);
    if (socket.bytesRead - seen < limits.bodyBytesPerStretch) socket.destroy();
    seen = socket.bytesRead;
  }, stretchMs).unref();
  raw.once("close", () => clearInterval(timer));
}
