import { secretsChangedEvent } from "@matrix-os/contracts/vault/secrets-changed.event";
import type { VaultDeps } from "../deps.ts";

/** Tells listeners. The change is kept by now; who misses the event asks again after the next reconnect. */
export async function tellChanged(
  name: string,
  how: "set" | "removed",
  deps: Pick<VaultDeps, "bus" | "log">,
): Promise<void> {
  deps.log.info({ name, how }, "secret changed");
  await deps.bus.publish(secretsChangedEvent, name, { name, how }).catch((error: unknown) => {
    deps.log.warn({ err: error, name }, "a changed secret could not be announced");
  });
}
