import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A fresh secret of 256 bits that can stand in a header, a cookie and a URL. */
export function createSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** A fresh name of 64 bits for something that is found by it; no secret. */
export function createIdentifier(): string {
  return randomBytes(8).toString("hex");
}

/** SHA-256 in hex: what is kept of a secret, and what it is found by. */
export function toDigest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
