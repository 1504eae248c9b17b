import type { ModelAccess, ModelSettings } from "../config.ts";

/** Where the model is reached: the vault's key goes before the environment's; without a key and a server of one's own, the rehearsal. */
export function toModelAccess(settings: ModelSettings, vaultKey: string | undefined): ModelAccess {
  const { baseUrl, rehearsalUrl } = settings;
  const apiKey = vaultKey ?? settings.apiKey;
  if (baseUrl !== undefined) return { provider: "custom", baseUrl, apiKey: apiKey ?? "none" };
  if (apiKey !== undefined) return { provider: "anthropic", baseUrl: undefined, apiKey };
  return { provider: "rehearsal", baseUrl: rehearsalUrl, apiKey: "rehearsal" };
}

/** Whether two ways to the model are the same. */
export function isSameAccess(a: ModelAccess, b: ModelAccess): boolean {
  return a.provider === b.provider && a.baseUrl === b.baseUrl && a.apiKey === b.apiKey;
}
