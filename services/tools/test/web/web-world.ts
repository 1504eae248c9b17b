import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Outside } from "../../src/http/outside.ts";
import { names } from "./vectors.ts";

/** A world with a public server, a listener on loopback that nobody may reach, and a resolver that may change its mind. */
export interface WebWorld extends AsyncDisposable {
  readonly outside: Outside;
  /** What was asked of the listener on loopback. */
  readonly reached: string[];
  /** What was dialled. */
  readonly dialled: string[];
  readonly port: number;
  /** What the public server was asked, with its headers. */
  readonly asked: { readonly url: string; readonly headers: IncomingMessage["headers"] }[];
}

/** Whatever is dialled in the private world really leads to the listener; public addresses lead to the public server. */
export async function startWebWorld(
  publicServer: (request: IncomingMessage, answer: ServerResponse) => void,
): Promise<WebWorld> {
  const [reached, dialled]: string[][] = [[], []];
  const asked: WebWorld["asked"] = [];
  const listener = await listen((request, answer) => {
    reached?.push(request.url ?? "");
    answer.setHeader("content-type", "text/plain").end("the secret of loopback");
  });
  const far = await listen((request, answer) => {
    asked.push({ url: request.url ?? "", headers: request.headers });
    publicServer(request, answer);
  });
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  let rebound = 0;
  return {
    reached: reached ?? [],
    dialled: dialled ?? [],
    asked,
    port: portOf(listener),
    outside: {
      resolve: async (host) => {
        // Public for the check, loopback for whoever resolves once more; and the other way round.
        if (host === "rebinding.example") return [rebound++ === 0 ? "93.184.216.34" : "127.0.0.1"];
        if (host === "rebinding-first.example") return ["127.0.0.1"];
        return names[host.replace(/\.$/, "")] ?? [];
      },
      dial: (address, port) => {
        dialled?.push(`${address}:${port}`);
        const isFar = address === "93.184.216.34" || address === "2606:4700::1111";
        return connect(isFar ? portOf(far) : portOf(listener), "127.0.0.1");
      },
    },
    [Symbol.asyncDispose]: async () => {
      for (const server of [listener, far]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listen(handler: (request: IncomingMessage, answer: ServerResponse) => void): Promise<Server> {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
