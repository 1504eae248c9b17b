import type { FingerprintSet } from "@matrix-os/contracts/vault/secret";
import { toFingerprintSet } from "@matrix-os/redaction/fingerprints";
import type { VaultDeps } from "../deps.ts";
import { toValues } from "../secrets/contents.ts";

/** What recognises every value, also earlier ones. */
export async function readFingerprints(_request: object, { vault }: Pick<VaultDeps, "vault">): Promise<FingerprintSet> {
  const contents = await vault.read();
  return toFingerprintSet(toValues(contents), Buffer.from(contents.fingerprintKey, "base64url"));
}
