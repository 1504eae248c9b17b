import { chmod, link, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecret } from "../auth/secrets.ts";

/** How long a look at the file counts: another gateway may have renewed it. */
const TRUST_MS = 400;
const SHORTEST = 32;

/** The owner's API token in `<state>/owner.token` (0600). */
export interface OwnerToken {
  /** The token as it is now; undefined while the file is gone or unusable: then nobody is the owner by a token. */
  read(nowMs: number): Promise<string | undefined>;
  /** Puts a new token in its place and answers it. */
  rotate(): Promise<string>;
}

/** Opens the token, telling `learn` each one that counts, so that it is kept out of texts; made at the first start, once, also when two gateways start together. Throws when the file holds none. */
export async function openOwnerToken(state: string, learn: (token: string) => void): Promise<OwnerToken> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  const path = join(state, "owner.token");
  await publishOnce(path, createSecret());
  await chmod(path, 0o600);
  const first = await readToken(path);
  if (first === undefined) throw new Error(`${path} holds no usable token: delete the file and start again`);
  let known: { text: string | undefined; checkedAt: number } = { text: undefined, checkedAt: 0 };
  const note = (text: string | undefined, checkedAt: number): void => {
    if (text !== undefined && text !== known.text) learn(text);
    known = { text, checkedAt };
  };
  note(first, Date.now());
  return {
    read: async (nowMs) => {
      if (Math.abs(nowMs - known.checkedAt) >= TRUST_MS) note(await readToken(path), nowMs);
      return known.text;
    },
    rotate: async () => {
      const fresh = createSecret();
      const draft = await writeDraft(path, fresh);
      await rename(draft, path);
      note(fresh, Date.now());
      return fresh;
    },
  };
}

async function readToken(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trim().length < SHORTEST ? undefined : text.trim();
}

async function publishOnce(path: string, content: string): Promise<void> {
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
}

async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${createSecret()}`;
  await writeFile(draft, content, { mode: 0o600, flag: "wx", flush: true });
  return draft;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
