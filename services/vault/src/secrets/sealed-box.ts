import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const header = z.object({
  format: z.literal(1),
  cipher: z.literal("aes-256-gcm"),
  keyIn: z.enum(["keyring", "file"]),
  keyId: z.string(),
});

const box = header.extend({ nonce: z.base64(), tag: z.base64(), data: z.base64() });

/** What a sealed box says about itself without being opened; it is part of what the seal holds together. */
export type BoxHeader = z.infer<typeof header>;
/** A text under AES-256-GCM. */
export type SealedBox = z.infer<typeof box>;

/** Seals a text under a key, with a nonce of its own. */
export function seal(text: string, key: Buffer, about: BoxHeader): SealedBox {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES }).setAAD(toBound(about));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return {
    ...about,
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    data: data.toString("base64"),
  };
}

/** The text in a box, or `undefined` when a bit of it was changed or the key is another one. */
export function unseal(sealed: SealedBox, key: Buffer): string | undefined {
  try {
    const nonce = Buffer.from(sealed.nonce, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(toBound(sealed)).setAuthTag(Buffer.from(sealed.tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, "base64")), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

/** The box that a file holds, or `undefined` when it is none. */
export function parseBox(text: string): SealedBox | undefined {
  try {
    return box.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toBound({ format, cipher, keyIn, keyId }: BoxHeader): Buffer {
  return Buffer.from(JSON.stringify(["matrix-os vault", format, cipher, keyIn, keyId]));
}
