import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";

/** What reached a sink. */
export interface Caught {
  connections: number;
  /** Connections on which something was said: a request, a handshake. */
  requests: number;
  packets: number;
  /** Whether the secret was in it. */
  secret: boolean;
}

/** A server of a thief, TCP and UDP on one port. */
export interface Sink extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly caught: Caught;
  forget(): void;
}

/** Listens on any free port. */
export async function startSink(secret: string): Promise<Sink> {
  const caught: Caught = { connections: 0, requests: 0, packets: 0, secret: false };
  const note = (data: Buffer): void => {
    if (data.includes(secret)) caught.secret = true;
  };
  const server = createServer((socket) => {
    caught.connections += 1;
    socket.once("data", () => (caught.requests += 1));
    socket.on("data", note);
    socket.once("data", () =>
      socket.end("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"),
    );
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const { port } = server.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (data) => {
    caught.packets += 1;
    note(data);
  });
  await new Promise<void>((resolve) => udp.bind(port, resolve));
  return {
    address: findOwnAddress(),
    port,
    caught,
    forget: () => Object.assign(caught, { connections: 0, requests: 0, packets: 0, secret: false }),
    [Symbol.asyncDispose]: async () => {
      udp.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** This machine's address in its network; WebRTC does not use the loopback. */
function findOwnAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
