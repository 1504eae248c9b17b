import type { Bus } from "@matrix-os/bus";
import { readFingerprintsRequest } from "@matrix-os/contracts/vault/read-fingerprints.request";
import type { FingerprintSet } from "@matrix-os/contracts/vault/secret";
import type { Log } from "@matrix-os/runtime/log";

/** Follows the vault's fingerprints; while the vault is away the last ones stay in force. */
export interface VaultWatch {
  /** Asks for them again, for at most so long. Never rejects. */
  readonly refresh: (withinMs: number) => Promise<void>;
}

/** A watch that hands each new set on. */
export function createVaultWatch(
  bus: Pick<Bus, "request">,
  log: Log,
  heard: (set: FingerprintSet) => void,
): VaultWatch {
  let last = "";
  return {
    refresh: async (withinMs) => {
      try {
        const set = await bus.request(readFingerprintsRequest, {}, { retryForMs: withinMs });
        const text = JSON.stringify(set);
        if (text !== last) heard(set);
        last = text;
      } catch (error) {
        log.debug({ err: error }, "the vault's fingerprints could not be read; the last ones stay in force");
      }
    },
  };
}
