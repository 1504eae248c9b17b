import type { ModelClient } from "@matrix-os/turn/model";
import type { ModelAccess, ModelSettings } from "../config.ts";
import { createAnthropicModel } from "./anthropic-model.ts";
import { isSameAccess, toModelAccess } from "./to-model-access.ts";

/** How the model is reached now, and its client. */
export interface ModelLine {
  readonly access: ModelAccess;
  readonly client: ModelClient;
}

/** Follows the key that is in force. */
export interface ModelSource {
  readonly now: () => ModelLine;
  /** Takes the vault's key into account; answers whether another server or key counts now. */
  use(vaultKey: string | undefined): boolean;
}

/** A source that begins with what the environment says. */
export function createModelSource(settings: ModelSettings, redact: (text: string) => string): ModelSource {
  const open = (access: ModelAccess): ModelLine => ({ access, client: createAnthropicModel(access, redact) });
  let line = open(toModelAccess(settings, undefined));
  return {
    now: () => line,
    use: (vaultKey) => {
      const access = toModelAccess(settings, vaultKey);
      if (isSameAccess(access, line.access)) return false;
      line = open(access);
      return true;
    },
  };
}
