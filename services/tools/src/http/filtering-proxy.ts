import { chmodSync, rmSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer, request } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { whyNotPublic } from "../address/why-not-public.ts";
import { COMMANDS_FILE_PATH } from "@matrix-os/contracts/policy/commands-file";
import { allowsHost } from "../command/allows-host.ts";
import { type Outside, findAddress, outside } from "./outside.ts";

const ports = new Set([80, 443]);
const MAX_CONNECTIONS = 64;
const IDLE_MS = 60_000;

/**
 * A proxy on a unix socket that lets HTTP and CONNECT through to the listed hosts, ports 80 and 443 only. A host's addresses
 * must all be public; the connection goes to the address that was checked. Everything else is answered with 403 and the reason.
 */
export async function startFilteringProxy(
  socketPath: string,
  hosts: readonly string[],
  world: Outside = outside,
): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: IDLE_MS, maxHeaderSize: 16_384 });
  server.maxConnections = MAX_CONNECTIONS;
  const gate = { hosts, world };
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
  });
  server.on(
    "connect",
    (incoming: IncomingMessage, client: Duplex, head: Buffer) => void tunnel(incoming, { client, head }, gate),
  );
  server.on("request", (incoming: IncomingMessage, answer: ServerResponse) => void forward(incoming, answer, gate));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  // The sandbox's user is another one.
  chmodSync(socketPath, 0o666);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(socketPath, { force: true });
    },
  };
}

interface Gate {
  readonly hosts: readonly string[];
  readonly world: Outside;
}

async function tunnel(incoming: IncomingMessage, at: { client: Duplex; head: Buffer }, gate: Gate): Promise<void> {
  const { client, head } = at;
  client.on("error", () => client.destroy());
  const target = toTarget(`http://${incoming.url ?? ""}`, 443);
  const checked = await check(target, gate);
  if ("refusal" in checked) {
    client.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${checked.refusal}\n`);
    return;
  }
  const far = gate.world.dial(checked.address, checked.port);
  far.setTimeout(IDLE_MS, () => far.destroy());
  far.once("error", () => client.destroy());
  client.once("close", () => far.destroy());
  far.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    far.write(head);
    far.pipe(client).pipe(far);
  });
}

async function forward(incoming: IncomingMessage, answer: ServerResponse, gate: Gate): Promise<void> {
  const target = toTarget(incoming.url ?? "", 80);
  const checked = await check(target, gate);
  if ("refusal" in checked || target === undefined) {
    answer.writeHead(403, { "content-type": "text/plain" }).end(`${"refusal" in checked ? checked.refusal : ""}\n`);
    return;
  }
  const { "proxy-connection": _, "proxy-authorization": __, ...headers } = incoming.headers;
  const onward = request({
    method: incoming.method,
    path: `${target.pathname}${target.search}`,
    headers: { ...headers, host: target.host, connection: "close" },
    createConnection: () => gate.world.dial(checked.address, checked.port),
  });
  onward.once("response", (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onward.once("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  answer.once("close", () => onward.destroy());
  incoming.pipe(onward);
}

function toTarget(text: string, defaultPort: number): URL | undefined {
  const url = URL.parse(text);
  if (url === null || url.protocol !== "http:" || url.username !== "" || url.password !== "") return undefined;
  if (url.port === "" && defaultPort === 443 && !text.endsWith(":80")) return undefined;
  return url;
}

type Checked = { readonly address: string; readonly port: number } | { readonly refusal: string };

async function check(target: URL | undefined, { hosts, world }: Gate): Promise<Checked> {
  if (target === undefined) return { refusal: "only http:// and CONNECT host:port are taken" };
  const port = target.port === "" ? 80 : Number(target.port);
  const host = target.hostname;
  if (!ports.has(port)) return { refusal: `port ${port} is not open to commands` };
  if (!allowsHost(hosts, host)) return { refusal: `${host} is not allowed by ${COMMANDS_FILE_PATH}` };
  const found = await findAddress(host, world, whyNotPublic);
  return "refusal" in found ? found : { address: found.address, port };
}
