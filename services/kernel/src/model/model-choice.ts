import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import type { KernelConfig, ModelAccess } from "../config.ts";
import { createAnthropicClient } from "./anthropic-client.ts";
import { isSameAccess } from "./to-model-access.ts";

const DEFAULT_HOSTED_MODEL = "claude-opus-5-5";
const REHEARSAL_MODEL = "rehearsal-1";

/** Decides which model is asked. */
export interface ModelChoice {
  /** The environment's, else the owner's, else what fits the server. Throws when a custom server must be asked and is away. */
  name(access: ModelAccess, config: ConfigFile): Promise<string>;
}

/** A choice that asks a custom server for its models once, and only when nobody named one. */
export function createModelChoice(config: Pick<KernelConfig, "model">): ModelChoice {
  let asked: { readonly access: ModelAccess; readonly first: Promise<string> } | undefined;
  const ask = (access: ModelAccess): Promise<string> => {
    if (asked !== undefined && isSameAccess(asked.access, access)) return asked.first;
    const first = readFirstModel(access).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    asked = { access, first };
    return first;
  };
  return {
    name: async (access, home) => {
      if (access.provider === "rehearsal") return REHEARSAL_MODEL;
      const named = config.model ?? home.model;
      if (named !== undefined) return named;
      return access.provider === "anthropic" ? DEFAULT_HOSTED_MODEL : ask(access);
    },
  };
}

async function readFirstModel(access: ModelAccess): Promise<string> {
  const page = await createAnthropicClient(access).models.list({ limit: 1 }, { timeout: 5_000 });
  return page.data[0]?.id ?? DEFAULT_HOSTED_MODEL;
}
