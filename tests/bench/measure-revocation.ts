import { createTokenRoute, removeTokenRoute } from "@matrix-os/contracts/api/tokens";
import { SOCKET_PATH } from "@matrix-os/contracts/api/probes";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { WebSocket } from "ws";
import { type BenchSystem, makeFolders, startBenchSystem } from "./bench-system.ts";
import { median, printFigure } from "./figure.ts";
import { toHeaders } from "./session-client.ts";

const ROUNDS = 7;

/** How long a token that was removed still counts: its open socket, and its next request. */
export async function measureRevocation(): Promise<void> {
  using folders = makeFolders();
  await using system = await startBenchSystem(folders, "");
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await removeToken(system, round));
  printFigure({
    figure: "a token removed → its open socket and requests end",
    unit: "ms",
    value: median(rounds),
    must: 1_000,
    better: "less",
  });
}

async function removeToken(system: BenchSystem, round: number): Promise<number> {
  const made = await fetch(`${system.url}${createTokenRoute.path}`, {
    method: "POST",
    headers: { ...toHeaders(system), "content-type": "application/json" },
    body: JSON.stringify({ name: `bench ${round}`, scopes: ["read"] }),
  });
  const { id, token } = createTokenRoute.reply?.parse(await made.json()) ?? { id: "", token: "" };
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${system.url.replace("http", "ws")}${SOCKET_PATH}`, { headers });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const startedAt = performance.now();
  await fetch(`${system.url}${toRouteUrl(removeTokenRoute, { params: { token: id } })}`, {
    method: "DELETE",
    headers: toHeaders(system),
  });
  await closed;
  while ((await fetch(`${system.url}/api/v1/status`, { headers })).status !== 401);
  return performance.now() - startedAt;
}
