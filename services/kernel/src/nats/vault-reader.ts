import type { Bus } from "@matrix-os/bus";
import { OsError } from "@matrix-os/contracts/errors";
import { readFingerprintsRequest } from "@matrix-os/contracts/vault/read-fingerprints.request";
import { readModelKeyRequest } from "@matrix-os/contracts/vault/read-model-key.request";
import type { FingerprintSet } from "@matrix-os/contracts/vault/secret";
import type { Log } from "@matrix-os/runtime/log";

/** What the kernel needs of the vault. */
export interface VaultView {
  readonly modelKey: string | undefined;
  readonly fingerprints: FingerprintSet | undefined;
  /** A sentence for the owner when the vault could not be asked. */
  readonly problem: string | undefined;
}

/** Reads that part, and again only after a secret changed. */
export interface VaultReader {
  read(): Promise<VaultView>;
  /** A secret changed, or a change may have been missed. */
  forget(): void;
}

/** A vault that starts beside the kernel is waited for this long, once; without it turns go on as the environment says. */
const FIRST_WAIT_MS = 5_000;
const AGAIN_WAIT_MS = 200;

/** A reader that keeps what it knew while the vault is away. */
export function createVaultReader(bus: Bus, log: Log, heard: (view: VaultView) => void): VaultReader {
  let reading: Promise<VaultView> | undefined;
  let last: VaultView | undefined;
  let forgotten = 0;
  const read = async (): Promise<VaultView> => {
    const options = { retryForMs: last === undefined ? FIRST_WAIT_MS : AGAIN_WAIT_MS };
    const before = forgotten;
    try {
      const [{ value }, fingerprints] = await Promise.all([
        bus.request(readModelKeyRequest, {}, options),
        bus.request(readFingerprintsRequest, {}, options),
      ]);
      last = { modelKey: value, fingerprints, problem: undefined };
      if (before !== forgotten) reading = undefined;
    } catch (error) {
      log.warn({ err: error }, "the vault could not be asked");
      reading = undefined;
      last = { modelKey: last?.modelKey, fingerprints: last?.fingerprints, problem: toProblem(error) };
    }
    heard(last);
    return last;
  };
  return {
    read: () => (reading ??= read()),
    forget: () => {
      forgotten += 1;
      reading = undefined;
    },
  };
}

function toProblem(error: unknown): string {
  if (error instanceof OsError && error.code === "vault-locked") return `${error.message}.`;
  return "The vault does not answer; the model's key in it is not used.";
}
