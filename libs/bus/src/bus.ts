import type {
  CommandContract,
  ControlContract,
  DraftContract,
  EventContract,
  RequestContract,
} from "@matrix-os/contracts/define";
import { type BrokerAddress, type Connection, openConnection } from "./connection.ts";
import { pingServices } from "./micro.ts";
import { type Receiving, type Transfer, receiveParts, sendParts } from "./parts.ts";
import { publishDurably, ring, sayNow } from "./publish.ts";
import { type RequestOptions, sendRequest } from "./request.ts";

/** What a service says on the bus. Every body is typed by its contract; every message carries the current trace on. */
export interface Bus extends AsyncDisposable {
  readonly connection: Connection;
  /** Asks one service and waits for its checked answer; throws its `OsError`. */
  request<Request, Reply>(
    contract: RequestContract<Request, Reply>,
    body: Request,
    options?: RequestOptions,
  ): Promise<Reply>;
  /** Tells what happened; stored when it resolves. */
  publish<Body>(contract: EventContract<Body>, key: string, body: Body): Promise<void>;
  /** Asks for work; one unfinished message per key, more are no error. */
  command<Body>(contract: CommandContract<Body>, key: string, body: Body): Promise<void>;
  /** Tells whoever holds the key now; lossy. */
  control<Body>(contract: ControlContract<Body>, key: string, body: Body): void;
  /** Something on the way; lossy. */
  draft<Body>(contract: DraftContract<Body>, key: string, body: Body): void;
  sendParts(to: Transfer, source: AsyncIterable<Uint8Array>): Promise<void>;
  receiveParts(from: Transfer): Receiving;
  /** The services that answer a ping within `waitMs`. */
  ping(waitMs: number): Promise<Set<string>>;
  isUp(): boolean;
}

/** Connects a process to the bus under its name; waits for a broker that is not there yet. */
export async function connectBus(name: string, address: BrokerAddress): Promise<Bus> {
  const connection = await openConnection(name, address);
  return {
    connection,
    request: (contract, body, options = {}) => sendRequest(connection, contract, { body, options }),
    publish: (contract, key, body) => publishDurably(connection, { contract, key, body }),
    command: (contract, key, body) => ring(connection, { contract, key, body }),
    control: (contract, key, body) => sayNow(connection, { contract, key, body }),
    draft: (contract, key, body) => sayNow(connection, { contract, key, body }),
    sendParts: (to, source) => sendParts(connection, to, source),
    receiveParts: (from) => receiveParts(connection, from),
    ping: (waitMs) => pingServices(connection, waitMs),
    isUp: () => connection.isUp(),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
