import { createHmac } from "node:crypto";
import type { FingerprintSet } from "@matrix-os/contracts/vault/secret";
import { type SecretFinder, createSecretFinder } from "@matrix-os/redaction/secret-finder";

/** Bytes of a file that are looked at; a secret behind them is not found. */
const MAX_SCANNED_BYTES = 67_108_864;
const PREFIX = "Matrix OS keeps the content of this file out of the history: it holds the secret ";

/** What the history holds instead of a content. */
export interface Withheld {
  readonly secret: string;
  readonly placeholder: Buffer;
}

/** Tells which contents must not enter the history: those that hold a secret of the vault. Knows fingerprints, no secrets. */
export class VaultScan {
  #finder: SecretFinder | undefined;
  #key = Buffer.alloc(0);

  /** Looks for these from now on. */
  use(set: FingerprintSet): void {
    this.#finder = set.fingerprints.length === 0 ? undefined : createSecretFinder(set);
    this.#key = Buffer.from(set.key, "base64url");
  }

  /** Whether these bytes must stay out; `hash` names them, so that other bytes get another placeholder. */
  check(bytes: Uint8Array, hash: string): Withheld | undefined {
    return this.#toWithheld(this.#finder?.first(bytes)?.name, hash);
  }

  /** The same for bytes that come in parts. */
  checkParts(): { readonly add: (part: Buffer) => void; readonly end: (hash: string) => Withheld | undefined } {
    const finder = this.#finder;
    let seen = 0;
    let rest = Buffer.alloc(0);
    let found: string | undefined;
    return {
      add: (part) => {
        if (finder === undefined || found !== undefined || seen >= MAX_SCANNED_BYTES) return;
        seen += part.length;
        const bytes = Buffer.concat([rest, part]);
        found = finder.first(bytes)?.name;
        rest = bytes.subarray(Math.max(0, bytes.length - finder.longest + 1));
      },
      end: (hash) => this.#toWithheld(found, hash),
    };
  }

  #toWithheld(secret: string | undefined, hash: string): Withheld | undefined {
    if (secret === undefined) return undefined;
    const version = createHmac("sha256", this.#key).update(hash).digest("hex").slice(0, 16);
    return { secret, placeholder: Buffer.from(`${PREFIX}${secret}.\nversion ${version}\n`) };
  }
}

/** Whether these bytes of the history stand for a content that it never held. */
export function isPlaceholder(bytes: Buffer): boolean {
  return bytes.length < 300 && bytes.subarray(0, PREFIX.length).equals(Buffer.from(PREFIX));
}
