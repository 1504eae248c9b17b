import type { listSecretsRequest } from "@matrix-os/contracts/vault/list-secrets.request";
import type { z } from "zod";
import type { VaultDeps } from "../deps.ts";
import { toFacts } from "../secrets/contents.ts";

/** What is in the vault, by name. */
export async function listSecrets(
  _request: object,
  { vault }: Pick<VaultDeps, "vault">,
): Promise<z.infer<typeof listSecretsRequest.reply>> {
  return { secrets: toFacts(await vault.read()), keyIn: await vault.keyIn() };
}
