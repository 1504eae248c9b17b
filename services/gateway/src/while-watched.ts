import { subscribeFollow } from "@matrix-os/bus/follow";
import type { DraftContract } from "@matrix-os/contracts/define";
import type { Hearing } from "@matrix-os/runtime/service";
import type { GatewayDeps } from "./deps.ts";

/** Hears a draft of each session that somebody watches, and nothing of the others: unwatched sessions cost nothing here. */
export function whileWatched<Body>(
  contract: DraftContract<Body>,
  handler: (body: Body, deps: GatewayDeps) => void,
): Hearing<GatewayDeps> {
  return {
    contract: contract as never,
    how: "follow",
    open: ({ bus, deps, observe, signal }) => {
      const withdraw = deps.sessions.openWhileWatched((session) => {
        const subscription = subscribeFollow(bus.connection, {
          contract,
          key: session,
          handler: (body) => handler(body, deps),
          observe,
          signal,
        });
        return () => subscription.unsubscribe();
      });
      return { [Symbol.asyncDispose]: async () => withdraw() };
    },
  };
}
