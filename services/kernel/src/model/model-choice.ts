import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import type { KernelConfig, ModelAccess } from "../config.ts";
import { createAnthropicClient } from "./anthropic-client.ts";

const DEFAULT_HOSTED_MODEL = "claude-opus-5-5";
const REHEARSAL_MODEL = "rehearsal-1";

/** Decides which model is asked. */
export interface ModelChoice {
  /** The environment's, else the owner's, else what fits the server. Throws when a custom server must be asked and is away. */
  name(config: ConfigFile): Promise<string>;
}

/** A choice that asks a custom server for its models once, and only when nobody named one. */
export function createModelChoice(config: KernelConfig): ModelChoice {
  let first: Promise<string> | undefined;
  return {
    name: async (home) => {
      if (config.access.provider === "rehearsal") return REHEARSAL_MODEL;
      const named = config.model ?? home.model;
      if (named !== undefined) return named;
      if (config.access.provider === "anthropic") return DEFAULT_HOSTED_MODEL;
      first ??= readFirstModel(config.access).catch((error: unknown) => {
        first = undefined;
        throw error;
      });
      return first;
    },
  };
}

async function readFirstModel(access: ModelAccess): Promise<string> {
  const page = await createAnthropicClient(access).models.list({ limit: 1 }, { timeout: 5_000 });
  return page.data[0]?.id ?? DEFAULT_HOSTED_MODEL;
}
