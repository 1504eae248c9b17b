import type { removeSecretRequest } from "@matrix-os/contracts/vault/remove-secret.request";
import type { z } from "zod";
import type { VaultDeps } from "../deps.ts";
import { withoutSecret } from "../secrets/contents.ts";
import { tellChanged } from "./tell-changed.ts";

/** Forgets a secret. */
export async function removeSecret(
  { name }: z.infer<typeof removeSecretRequest.request>,
  deps: VaultDeps,
): Promise<z.infer<typeof removeSecretRequest.reply>> {
  await deps.vault.change((before) => withoutSecret(before, name));
  await tellChanged(name, "removed", deps);
  return { name };
}
