import type { secretsChangedEvent } from "@matrix-os/contracts/vault/secrets-changed.event";
import type { z } from "zod";
import type { KernelDeps } from "../deps.ts";

/** A secret that was set or removed counts from now on: the model's key, and what is taken out of texts. */
export async function vaultSecretsChanged(
  _event: z.infer<typeof secretsChangedEvent.body>,
  deps: Pick<KernelDeps, "vault">,
): Promise<void> {
  deps.vault.forget();
  await deps.vault.read();
}
