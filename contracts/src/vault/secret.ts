import { z } from "zod";
import { instant } from "../values.ts";

/** Fewest bytes of a secret: shorter ones can't be told from ordinary words in a text. */
export const MIN_SECRET_BYTES = 8;
const MAX_SECRET_CHARS = 32_768;

/** A secret's name; it also serves as the name of an environment variable. */
export const secretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "may hold only letters, digits and _, and begins with a letter (1 to 64)");

/** What is kept secret. */
export const secretValue = z
  .string()
  .max(MAX_SECRET_CHARS)
  .refine(
    (value) => new TextEncoder().encode(value).length >= MIN_SECRET_BYTES,
    `needs at least ${MIN_SECRET_BYTES} bytes, for shorter ones can't be recognised in texts`,
  )
  .refine((value) => !value.includes("\0"), "may hold no zero byte");

/** The name under which the model's key is kept; the kernel reads this one and no other. */
export const MODEL_KEY_NAME = "ANTHROPIC_API_KEY";

/** The name under which the search engine's key is kept; the service that searches reads this one. */
export const SEARCH_KEY_NAME = "BRAVE_SEARCH_KEY";

/** What may be told of a secret; never its value. */
export const secretFacts = z.object({
  name: secretName,
  setAt: instant,
  /** Counts the values that it has had. */
  version: z.number().int().positive(),
  /** Earlier values that are still recognised in texts, though nobody may read them. */
  earlier: z.number().int().nonnegative(),
  /** Who may read the value. */
  readers: z.array(z.enum(["kernel", "search"])),
});

/** How one written form of a secret is recognised without knowing it. */
export const fingerprint = z.object({
  name: secretName,
  /** A keyed 32-bit hash of the first 8 bytes. */
  start: z.number().int().nonnegative(),
  bytes: z.number().int().min(MIN_SECRET_BYTES),
  /** A keyed digest of all bytes. */
  digest: z.string(),
});

/** The fingerprints of all values of a vault, and the key they were made with. */
export const fingerprintSet = z.object({ key: z.string(), fingerprints: z.array(fingerprint) });

/** What may be told of a secret. */
export type SecretFacts = z.infer<typeof secretFacts>;
/** One written form of a secret. */
export type Fingerprint = z.infer<typeof fingerprint>;
/** All that is needed to recognise a vault's values. */
export type FingerprintSet = z.infer<typeof fingerprintSet>;
