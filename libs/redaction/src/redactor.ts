import { randomBytes } from "node:crypto";
import type { FingerprintSet } from "@matrix-os/contracts/vault/secret";
import { toFingerprintSet } from "./fingerprints.ts";
import { redactShapes } from "./known-shapes.ts";
import { type SecretFinder, createSecretFinder } from "./secret-finder.ts";

/** Takes secrets out of texts: those that this process holds, those of the vault, and for `text` whatever has a secret's shape. */
export interface Redactor {
  /** Notes a secret that this process holds, instead of what it noted under this name; values under 8 bytes are not recognised. */
  readonly learn: (name: string, value: string) => void;
  /** Notes what recognises the vault's secrets, instead of what it knew of them. */
  readonly recognise: (set: FingerprintSet) => void;
  /** `[secret NAME]` for every known secret and `[secret]` for every shape of one. */
  readonly text: (text: string) => string;
  /** Only known secrets, for texts that are acted upon. */
  readonly known: (text: string) => string;
}

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const key = randomBytes(32);
  const own = new Map<string, string>();
  const finders = new Map<"own" | "vault", SecretFinder>();
  const known = (text: string): string => [...finders.values()].reduce(redactFound, text);
  return {
    learn: (name, value) => {
      own.set(name, value);
      const secrets = [...own].map(([named, held]) => ({ name: named, value: held }));
      finders.set("own", createSecretFinder(toFingerprintSet(secrets, key)));
    },
    recognise: (set) => {
      finders.set("vault", createSecretFinder(set));
    },
    text: (text) => redactShapes(known(text)),
    known,
  };
}

function redactFound(text: string, finder: SecretFinder): string {
  if (finder.isEmpty) return text;
  const bytes = Buffer.from(text);
  const found = finder.all(bytes);
  if (found.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, name } of found) {
    parts.push(bytes.toString("utf8", at, from), `[secret ${name}]`);
    at = to;
  }
  return [...parts, bytes.toString("utf8", at)].join("");
}

/** The same value with every text in it changed, keys aside. */
export function mapTexts<Value>(value: Value, change: (text: string) => string): Value {
  return mapAny(value, change) as Value;
}

function mapAny(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapAny(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapAny(inner, change)]));
}
