import { createHmac } from "node:crypto";
import { type Fingerprint, type FingerprintSet, MIN_SECRET_BYTES } from "@matrix-os/contracts/vault/secret";
import { toWrittenForms } from "./written-forms.ts";

/** Bytes that the rolling hash covers. */
export const WINDOW_BYTES = MIN_SECRET_BYTES;
const DIGEST_BYTES = 16;

/** The fingerprints of secrets under a key. A name may have several values; a value that is too short has none. */
export function toFingerprintSet(
  secrets: readonly { readonly name: string; readonly value: string }[],
  key: Buffer,
): FingerprintSet {
  const multiplier = toMultiplier(key);
  const fingerprints = secrets.flatMap(({ name, value }) =>
    toWrittenForms(value).map((form): Fingerprint => ({
      name,
      start: hashWindow(form, 0, multiplier),
      bytes: form.length,
      digest: toDigest(form, key),
    })),
  );
  return { key: key.toString("base64url"), fingerprints };
}

/** The factor of the rolling hash under a key: any odd number, so that no byte is lost. */
export function toMultiplier(key: Buffer): number {
  return (createHmac("sha256", key).update("multiplier").digest().readUInt32BE(0) | 1) >>> 0;
}

/** The rolling hash of one window, 32 bits. */
function hashWindow(bytes: Uint8Array, from: number, multiplier: number): number {
  let hash = 0;
  for (let at = from; at < from + WINDOW_BYTES; at += 1) hash = (Math.imul(hash, multiplier) + (bytes[at] ?? 0)) | 0;
  return hash >>> 0;
}

/** The digest that confirms a hit. */
export function toDigest(bytes: Uint8Array, key: Buffer): string {
  return createHmac("sha256", key).update(bytes).digest().subarray(0, DIGEST_BYTES).toString("base64url");
}
