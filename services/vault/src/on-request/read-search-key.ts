import type { readSearchKeyRequest } from "@matrix-os/contracts/vault/read-search-key.request";
import { SEARCH_KEY_NAME } from "@matrix-os/contracts/vault/secret";
import type { z } from "zod";
import type { VaultDeps } from "../deps.ts";

/** The search engine's key, if there is one. */
export async function readSearchKey(
  _request: object,
  { vault }: Pick<VaultDeps, "vault">,
): Promise<z.infer<typeof readSearchKeyRequest.reply>> {
  const value = (await vault.read()).secrets[SEARCH_KEY_NAME]?.values[0]?.value;
  return value === undefined ? {} : { value };
}
