import { RequestError } from "./failure.ts";
import type { Answer, Asked, Connection } from "./connection.ts";

let current: Connection | undefined;

/** Sets the connection that the page uses. */
export function setAskedConnection(connection: Connection | undefined): void {
  current = connection;
}

/** Asks the gateway over the one connection. Errors: `RequestError`. */
export async function ask(frame: Asked): Promise<Answer> {
  if (current === undefined) throw new RequestError({ code: "offline", detail: "not connected yet" });
  return await current.ask(frame);
}

/** Tries to connect at once. */
export function reconnect(): void {
  current?.hurry();
}
