import { type Server, type Socket, createServer } from "node:net";
import type { Log } from "@matrix-os/runtime/log";

/**
 * Browsers look for `localhost` at ::1 before 127.0.0.1, and another user's program could answer there in our name. So the same
 * server listens there, too. Where there is no IPv6 nobody can; a port that is taken already is only told to the log.
 */
export async function listenAsLocalhost(server: Server, port: number, log: Log): Promise<AsyncDisposable> {
  const twin = createServer((socket: Socket) => server.emit("connection", socket));
  twin.maxConnections = server.maxConnections;
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    twin.once("error", resolve);
    twin.listen({ host: "::1", port, ipv6Only: true }, () => resolve(undefined));
  });
  if (failure?.code === "EADDRINUSE") log.warn({ port }, "another program has [::1]: apps may not open");
  return {
    [Symbol.asyncDispose]: async () => {
      if (failure === undefined) await new Promise((resolve) => twin.close(resolve));
    },
  };
}
