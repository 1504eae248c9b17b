import { mkdir, readFile, readdir, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiToken, type FreshToken, type NewToken, scope } from "@matrix-os/contracts/api/tokens";
import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { instant } from "@matrix-os/contracts/values";
import { z } from "zod";
import { createIdentifier, createSecret, isSameSecret, toDigest } from "../auth/secrets.ts";

/** How long a look at the file counts: another gateway may have changed it. */
const TRUST_MS = 400;
const SEEN_EVERY_MS = 600_000;
const MAX_TOKENS = 100;
/** A token is its id, which finds the file, and its secret, which only its holder knows. */
const TOKEN = /^mx_([0-9a-f]{16})_([\w-]{43})$/;

const tokenFile = z.object({
  name: z.string(),
  scopes: z.array(scope),
  digest: z.string(),
  createdAt: instant,
  expiresAt: instant.optional(),
});

type TokenFile = z.infer<typeof tokenFile>;

/** A token as it is kept. */
export type TokenRecord = TokenFile & { readonly id: string };

/** Tokens with a name and scopes, each a file that holds the digest of its secret only. */
export interface ApiTokens {
  /** Errors: `invalid`, `busy`. */
  create(wanted: NewToken, nowMs: number): Promise<FreshToken>;
  list(nowMs: number): Promise<ApiToken[]>;
  /** Errors: `not-found`. */
  rotate(id: string): Promise<FreshToken>;
  /** Errors: `not-found`. */
  remove(id: string): Promise<TokenRecord>;
  /** The record of a valid token. */
  find(token: string, nowMs: number): Promise<TokenRecord | undefined>;
  /** The record of a token that is still there and in time. */
  findById(id: string, nowMs: number): Promise<TokenRecord | undefined>;
}

interface Store {
  readonly folder: string;
  /** Never more than there are files. */
  readonly cached: Map<string, { readonly record: TokenRecord; readonly checkedAt: number }>;
}

/** Keeps tokens in `<state>/auth/tokens`. */
export async function openApiTokens(state: string): Promise<ApiTokens> {
  const folder = join(state, "auth", "tokens");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const store: Store = { folder, cached: new Map() };
  return {
    create: (wanted, nowMs) => createToken(store, wanted, nowMs),
    list: (nowMs) => listTokens(store, nowMs),
    rotate: async (id) => {
      const { digest: _old, ...kept } = await needRecord(store, id);
      return await writeFresh(store, kept);
    },
    remove: async (id) => {
      const record = await needRecord(store, id);
      await unlink(toPath(store, id)).catch(() => undefined);
      store.cached.delete(id);
      return record;
    },
    find: async (token, nowMs) => {
      const [, id = "", secret = ""] = TOKEN.exec(token) ?? [];
      const record = id === "" ? undefined : await findRecord(store, id, nowMs);
      return record !== undefined && isSameSecret(record.digest, toDigest(secret)) ? record : undefined;
    },
    findById: (id, nowMs) => findRecord(store, id, nowMs),
  };
}

async function createToken(store: Store, wanted: NewToken, nowMs: number): Promise<FreshToken> {
  const { name, expiresAt } = wanted;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= nowMs)
    throw rejected("invalid", "expiresAt: this moment has passed", { field: "expiresAt" });
  if ((await listIds(store)).length >= MAX_TOKENS)
    throw unavailable("busy", `there are ${MAX_TOKENS} tokens; remove one first`);
  return await writeFresh(store, {
    id: createIdentifier(),
    name,
    scopes: [...new Set(wanted.scopes)],
    createdAt: new Date(nowMs).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
}

async function writeFresh(store: Store, { id, ...kept }: Omit<TokenRecord, "digest">): Promise<FreshToken> {
  const secret = createSecret();
  const record = { ...kept, digest: toDigest(secret) };
  const draft = join(store.folder, `${id}.${createSecret()}`);
  await writeFile(draft, JSON.stringify(record), { mode: 0o600, flag: "wx", flush: true });
  // The file's own time tells when the token was used last; zero is never.
  await utimes(draft, 0, 0);
  await rename(draft, toPath(store, id));
  store.cached.delete(id);
  return { id, ...kept, token: `mx_${id}_${secret}` };
}

async function listTokens(store: Store, nowMs: number): Promise<ApiToken[]> {
  const tokens = await Promise.all((await listIds(store)).map((id) => describeToken(store, id)));
  return tokens
    .filter((token) => token !== undefined)
    .filter((token) => isInTime(token, nowMs))
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
}

async function describeToken(store: Store, id: string): Promise<ApiToken | undefined> {
  const record = await readRecord(store, id);
  if (record === undefined) return undefined;
  const { digest: _kept, ...token } = record;
  const usedMs = await stat(toPath(store, id)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return usedMs === 0 ? token : { ...token, lastUsedAt: new Date(usedMs).toISOString() };
}

async function findRecord(store: Store, id: string, nowMs: number): Promise<TokenRecord | undefined> {
  const known = store.cached.get(id);
  if (known !== undefined && nowMs - known.checkedAt < TRUST_MS)
    return isInTime(known.record, nowMs) ? known.record : undefined;
  store.cached.delete(id);
  const record = await readRecord(store, id);
  if (record === undefined || !isInTime(record, nowMs)) return undefined;
  store.cached.set(id, { record, checkedAt: nowMs });
  await noteSeen(toPath(store, id), nowMs);
  return record;
}

async function noteSeen(path: string, nowMs: number): Promise<void> {
  const seenMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => nowMs,
  );
  // Only the time is touched: a token that is being removed or renewed must not come back.
  if (nowMs - seenMs > SEEN_EVERY_MS) await utimes(path, nowMs / 1_000, nowMs / 1_000).catch(() => undefined);
}

async function needRecord(store: Store, id: string): Promise<TokenRecord> {
  const record = await readRecord(store, id);
  if (record === undefined) throw rejected("not-found", "no such token", { field: "token" });
  return record;
}

async function readRecord(store: Store, id: string): Promise<TokenRecord | undefined> {
  try {
    return { id, ...tokenFile.parse(JSON.parse(await readFile(toPath(store, id), "utf8"))) };
  } catch {
    return undefined; // Not there, or not ours: nobody comes in by it.
  }
}

async function listIds(store: Store): Promise<string[]> {
  return (await readdir(store.folder)).flatMap((name) => /^([0-9a-f]{16})\.json$/.exec(name)?.[1] ?? []);
}

function isInTime({ expiresAt }: { readonly expiresAt?: string | undefined }, nowMs: number): boolean {
  return expiresAt === undefined || nowMs < Date.parse(expiresAt);
}

function toPath(store: Store, id: string): string {
  return join(store.folder, `${/^[0-9a-f]{16}$/.test(id) ? id : "none"}.json`);
}
