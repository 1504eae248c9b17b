import type { readModelKeyRequest } from "@matrix-os/contracts/vault/read-model-key.request";
import { MODEL_KEY_NAME } from "@matrix-os/contracts/vault/secret";
import type { z } from "zod";
import type { VaultDeps } from "../deps.ts";

/** The model's key, if there is one. */
export async function readModelKey(
  _request: object,
  { vault }: Pick<VaultDeps, "vault">,
): Promise<z.infer<typeof readModelKeyRequest.reply>> {
  const value = (await vault.read()).secrets[MODEL_KEY_NAME]?.values[0]?.value;
  return value === undefined ? {} : { value };
}
