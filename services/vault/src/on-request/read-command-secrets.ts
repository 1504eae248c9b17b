import type { readCommandSecretsRequest } from "@matrix-os/contracts/vault/read-command-secrets.request";
import type { z } from "zod";
import type { VaultDeps } from "../deps.ts";
import { toCommandEnv } from "../secrets/contents.ts";

/** The environment that a command gets. */
export async function readCommandSecrets(
  { names }: z.infer<typeof readCommandSecretsRequest.request>,
  { vault }: Pick<VaultDeps, "vault">,
): Promise<z.infer<typeof readCommandSecretsRequest.reply>> {
  return { env: toCommandEnv(await vault.read(), names) };
}
