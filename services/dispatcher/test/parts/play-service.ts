import type { Bus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats } from "@matrix-os/bus/micro";
import type { RequestContract } from "@matrix-os/contracts/define";

/** Answers a request as the service would that owns it, until disposed. */
export type Play = <Request, Reply>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request) => Promise<Reply> | Reply,
) => Promise<AsyncDisposable>;

/** Plays other services on a bus. */
export function playOn(bus: Bus): Play {
  return async (contract, handler) => {
    const subscription = subscribeAnswer(bus.connection, {
      contract,
      service: "test",
      handler: async (request) => await handler(request),
      observe: () => undefined,
      signal: new AbortController().signal,
      stats: createEndpointStats("test", contract.subject, "test"),
    });
    await bus.connection.nats.flush();
    return { [Symbol.asyncDispose]: () => subscription.drain() };
  };
}
