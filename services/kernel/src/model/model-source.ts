import type { ModelAccess, ModelSettings } from "../config.ts";
import type { GuardedModel } from "./guarded-model.ts";
import { isSameAccess, toModelAccess } from "./to-model-access.ts";

/** How the model is reached now, and its client. */
export interface ModelLine {
  readonly access: ModelAccess;
  readonly client: GuardedModel;
}

/** Follows the key that is in force. */
export interface ModelSource {
  readonly now: () => ModelLine;
  /** Takes the vault's key into account; answers whether another server or key counts now. */
  use(vaultKey: string | undefined): boolean;
}

/** A source that begins with what the environment says. */
export function createModelSource(settings: ModelSettings, open: (access: ModelAccess) => GuardedModel): ModelSource {
  const first = toModelAccess(settings, undefined);
  let line: ModelLine = { access: first, client: open(first) };
  return {
    now: () => line,
    use: (vaultKey) => {
      const access = toModelAccess(settings, vaultKey);
      if (isSameAccess(access, line.access)) return false;
      line = { access, client: open(access) };
      return true;
    },
  };
}
