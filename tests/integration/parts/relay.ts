import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

/** A TCP relay to a server, so that the same address can be unreachable and reachable again. */
export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** From now on connections are refused; open ones break. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
}

/** Starts a relay on a loopback port; it is up. */
export async function startRelay(target: string): Promise<Relay> {
  const open = new Set<Socket>();
  const { port: targetPort } = new URL(target);
  const join = (socket: Socket) => {
    const onward = connect(Number(targetPort), "127.0.0.1");
    for (const end of [socket, onward]) {
      open.add(end);
      end.on("error", () => undefined);
      end.once("close", () => {
        open.delete(end);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  };
  let server = await listen(0, join);
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    down,
    up: async () => {
      server = await listen(port, join);
    },
    [Symbol.asyncDispose]: down,
  };
}

async function listen(port: number, hear: (socket: Socket) => void): Promise<Server> {
  const server = createServer(hear);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
