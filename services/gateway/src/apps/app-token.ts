import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";

/** How long an app's address works. */
export const APP_TOKEN_LIFETIME_MS = 86_400_000;
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_TOKEN_LENGTH = 400;

const opener = z.object({ id: z.string(), digest: z.string() });
const sealedGrant = z.object({
  app: z.string(),
  device: z.string().optional(),
  token: opener.optional(),
  expiresAt: z.number(),
});

/** What an address allows: to read one app's files, while the device or the token that opened it is valid. */
export interface AppGrant {
  readonly app: string;
  readonly device?: string | undefined;
  /** A token with a name. Neither this nor a device: the owner's token opened it. */
  readonly token?: { readonly id: string; readonly digest: string } | undefined;
}

/** Makes and reads the capability in an app's address. */
export interface AppTokens {
  seal(grant: AppGrant, nowMs: number): string;
  /** Undefined for what was not sealed here, was changed, or is too old. */
  open(token: string, nowMs: number): AppGrant | undefined;
}

/** Tokens sealed with a key from the owner's token: every gateway of one state reads them, nothing is kept, nothing can be read from them. */
export function createAppTokens(ownerToken: string): AppTokens {
  const key = Buffer.from(hkdfSync("sha256", ownerToken, "", "matrix-os app address v1", 32));
  return {
    seal: ({ app, device, token }, nowMs) => {
      const text = JSON.stringify({ app, device, token, expiresAt: nowMs + APP_TOKEN_LIFETIME_MS });
      return seal(key, text).toString("base64url");
    },
    open: (token, nowMs) => {
      if (token.length > MAX_TOKEN_LENGTH) return undefined;
      const text = open(key, Buffer.from(token, "base64url"));
      if (text === undefined) return undefined;
      const { expiresAt, ...grant } = sealedGrant.parse(JSON.parse(text));
      return nowMs < expiresAt ? grant : undefined;
    },
  };
}

function seal(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, sealed: Buffer): string | undefined {
  if (sealed.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  const opening = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  opening.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([opening.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), opening.final()]).toString("utf8");
  } catch {
    return undefined; // Not ours, or changed on the way.
  }
}
