import { rejected } from "@matrix-os/contracts/errors";
import { MODEL_KEY_NAME, SEARCH_KEY_NAME, type SecretFacts } from "@matrix-os/contracts/vault/secret";
import { z } from "zod";

/** Values kept of one secret: the one in force, and those before it, which are only recognised in texts. */
const MAX_VALUES = 3;
/** So many that their fingerprints fit into one bus message, however long the names. */
const MAX_SECRETS = 50;
const MAX_TOTAL_CHARS = 2_000_000;

const secret = z.object({
  version: z.number().int().positive(),
  /** The newest first. */
  values: z.array(z.object({ value: z.string(), at: z.string() })).min(1),
});

/** Everything that the encrypted file holds. */
export const vaultContents = z.object({
  /** The key of the fingerprints, which stay the same over restarts. */
  fingerprintKey: z.string(),
  secrets: z.record(z.string(), secret),
});

/** Everything that the vault holds. */
export type VaultContents = z.infer<typeof vaultContents>;

/** A value to keep. */
export interface NewValue {
  readonly name: string;
  readonly value: string;
  readonly expect: "any" | "present";
}

/** The contents with a new value. Errors: `not-found`, `too-large` when the vault is full. */
export function withSecret(contents: VaultContents, next: NewValue, at: string): VaultContents {
  const before = contents.secrets[next.name];
  if (before === undefined && next.expect === "present") throw noSuchSecret(next.name);
  const secrets = { ...contents.secrets, [next.name]: withValue(before, next, at) };
  if (Object.keys(secrets).length > MAX_SECRETS || countChars(secrets) > MAX_TOTAL_CHARS)
    throw rejected("too-large", "the vault is full; remove a secret first", { field: "value" });
  return { ...contents, secrets };
}

type Secret = VaultContents["secrets"][string];

function withValue(before: Secret | undefined, { value }: NewValue, at: string): Secret {
  const { version, values } = before ?? { version: 0, values: [] };
  return { version: version + 1, values: [{ value, at }, ...values].slice(0, MAX_VALUES) };
}

function countChars(secrets: VaultContents["secrets"]): number {
  return Object.values(secrets).reduce(
    (sum, { values }) => sum + values.reduce((inner, { value }) => inner + value.length, 0),
    0,
  );
}

/** The contents without a secret. Errors: `not-found`. */
export function withoutSecret(contents: VaultContents, name: string): VaultContents {
  if (contents.secrets[name] === undefined) throw noSuchSecret(name);
  const { [name]: _gone, ...secrets } = contents.secrets;
  return { ...contents, secrets };
}

/** What may be told of every secret, by name. */
export function toFacts(contents: VaultContents): SecretFacts[] {
  return Object.keys(contents.secrets)
    .toSorted()
    .map((name) => toFactsOf(contents, name));
}

/** What may be told of one secret. Errors: `not-found`. */
export function toFactsOf(contents: VaultContents, name: string): SecretFacts {
  const found = contents.secrets[name];
  const newest = found?.values[0];
  if (found === undefined || newest === undefined) throw noSuchSecret(name);
  const kernel = name === MODEL_KEY_NAME ? (["kernel"] as const) : [];
  const search = name === SEARCH_KEY_NAME ? (["search"] as const) : [];
  return {
    name,
    setAt: newest.at,
    version: found.version,
    earlier: found.values.length - 1,
    readers: [...kernel, ...search],
  };
}

/** Every value, also earlier ones, by name. */
export function toValues(contents: VaultContents): { readonly name: string; readonly value: string }[] {
  return Object.entries(contents.secrets).flatMap(([name, { values }]) => values.map(({ value }) => ({ name, value })));
}

function noSuchSecret(name: string): Error {
  return rejected("not-found", `the vault has no secret ${name}`, { field: "name" });
}
