import { listSecretsRequest } from "@matrix-os/contracts/vault/list-secrets.request";
import { readFingerprintsRequest } from "@matrix-os/contracts/vault/read-fingerprints.request";
import { readModelKeyRequest } from "@matrix-os/contracts/vault/read-model-key.request";
import { readSearchKeyRequest } from "@matrix-os/contracts/vault/read-search-key.request";
import { removeSecretRequest } from "@matrix-os/contracts/vault/remove-secret.request";
import { secretsChangedEvent } from "@matrix-os/contracts/vault/secrets-changed.event";
import { setSecretRequest } from "@matrix-os/contracts/vault/set-secret.request";
import { answer, defineService } from "@matrix-os/runtime/service";
import { readVaultConfig } from "./config.ts";
import { createVaultDeps } from "./deps.ts";
import { listSecrets } from "./on-request/list-secrets.ts";
import { readFingerprints } from "./on-request/read-fingerprints.ts";
import { readModelKey } from "./on-request/read-model-key.ts";
import { readSearchKey } from "./on-request/read-search-key.ts";
import { removeSecret } from "./on-request/remove-secret.ts";
import { setSecret } from "./on-request/set-secret.ts";

/** The vault: secrets, encrypted in the state directory; each kind of reader has a request of its own. */
export const vaultService = defineService({
  name: "vault",
  description: "Secrets: kept encrypted, given to who may read them",
  readConfig: readVaultConfig,
  createDeps: createVaultDeps,
  hears: [
    answer(setSecretRequest, setSecret),
    answer(listSecretsRequest, listSecrets),
    answer(removeSecretRequest, removeSecret),
    answer(readModelKeyRequest, readModelKey),
    answer(readSearchKeyRequest, readSearchKey),
    answer(readFingerprintsRequest, readFingerprints),
  ],
  says: [secretsChangedEvent],
});
