import { randomInt } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import { StartError } from "./start-error.ts";

// Below the ports that systems give to outgoing connections (from 32768): one that is found stays free until its service listens,
// and again while that service is restarted.
const FIRST_PORT = 12_000;
const LAST_PORT = 32_000;
const TRIES = 50;

/** The wanted port if it is free, any free one for 0. Throws `StartError` when it is taken. */
export async function findPort(wanted: number, host: string): Promise<number> {
  if (wanted !== 0) return tryPort(wanted, host);
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryPort(randomInt(FIRST_PORT, LAST_PORT), host);
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

async function tryPort(wanted: number, host: string): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, host, resolve);
    });
    return (server.address() as AddressInfo).port;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw new StartError(explain(code, wanted, host), { cause });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function explain(code: string, wanted: number, host: string): string {
  if (code === "EADDRINUSE")
    return `port ${wanted} on ${host} is taken: is Matrix OS running already? Another port: MATRIX_PORT=4500 make start`;
  if (code === "EACCES")
    return `port ${wanted} needs rights that this user does not have; take one above 1023 with MATRIX_PORT`;
  return `can't listen on ${host}:${wanted} (${code})`;
}
