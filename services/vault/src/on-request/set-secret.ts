import type { SecretFacts } from "@matrix-os/contracts/vault/secret";
import type { setSecretRequest } from "@matrix-os/contracts/vault/set-secret.request";
import type { z } from "zod";
import type { VaultDeps } from "../deps.ts";
import { toFactsOf, withSecret } from "../secrets/contents.ts";
import { tellChanged } from "./tell-changed.ts";

/** Keeps a secret, or gives it a new value. */
export async function setSecret(
  request: z.infer<typeof setSecretRequest.request>,
  deps: VaultDeps,
): Promise<SecretFacts> {
  const contents = await deps.vault.change((before) => withSecret(before, request, new Date().toISOString()));
  await tellChanged(request.name, "set", deps);
  return toFactsOf(contents, request.name);
}
