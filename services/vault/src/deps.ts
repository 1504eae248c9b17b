import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { Surroundings } from "@matrix-os/runtime/service";
import type { VaultConfig } from "./config.ts";
import { VaultFile } from "./disk/vault-file.ts";
import { createKeyring } from "./process/keyring.ts";

/** What the vault's handlers need. */
export interface VaultDeps extends AsyncDisposable {
  readonly bus: Pick<Bus, "publish">;
  readonly log: Log;
  readonly vault: VaultFile;
}

/** Builds the vault. Nothing is opened yet: a vault that can't be opened must not keep the process from starting. */
export async function createVaultDeps(
  config: VaultConfig,
  around: Pick<Surroundings, "bus" | "log">,
): Promise<VaultDeps> {
  return {
    bus: around.bus,
    log: around.log,
    vault: new VaultFile(config, createKeyring(config.keyringEnv)),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
