import type { FileDeps } from "../deps.ts";

const WITHIN_MS = 5_000;

/** What holds a new secret stays out of the history from now on. */
export async function vaultSecretsChanged(_event: object, deps: Pick<FileDeps, "vault">): Promise<void> {
  await deps.vault.refresh(WITHIN_MS);
}
