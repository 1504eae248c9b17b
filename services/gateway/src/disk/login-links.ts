import { mkdir, readFile, readdir, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unavailable } from "@matrix-os/contracts/errors";
import { createSecret, toDigest } from "../auth/secrets.ts";

const LIFETIME_MS = 600_000;
/** Links that may wait to be used; more are refused. */
const MAX_WAITING = 100;

/** Single-use login codes, each a file named by the code's SHA-256. */
export interface LoginLinks {
  create(nowMs: number): Promise<{ code: string; expiresAt: string }>;
  /** True for exactly one caller, in time. */
  redeem(code: string, nowMs: number): Promise<boolean>;
}

/** Keeps links in `<state>/auth/links`. */
export async function openLoginLinks(state: string): Promise<LoginLinks> {
  const folder = join(state, "auth", "links");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    create: async (nowMs) => {
      await removeExpired(folder, nowMs);
      const code = createSecret();
      const expiresAt = new Date(nowMs + LIFETIME_MS).toISOString();
      await writeFile(join(folder, toDigest(code)), expiresAt, { mode: 0o600, flag: "wx", flush: true });
      return { code, expiresAt };
    },
    redeem: (code, nowMs) => redeem(folder, code, nowMs),
  };
}

async function redeem(folder: string, code: string, nowMs: number): Promise<boolean> {
  const taken = join(folder, `${toDigest(code)}.${createSecret()}`);
  try {
    // A rename has one winner, in this process and among several.
    await rename(join(folder, toDigest(code)), taken);
  } catch {
    return false;
  }
  const expiresAt = await readFile(taken, "utf8");
  await unlink(taken);
  return Date.parse(expiresAt) > nowMs;
}

async function removeExpired(folder: string, nowMs: number): Promise<void> {
  const names = await readdir(folder);
  let waiting = 0;
  for (const name of names) {
    const expiresAt = await readFile(join(folder, name), "utf8").catch(() => "");
    if (Date.parse(expiresAt) > nowMs) waiting += 1;
    else await unlink(join(folder, name)).catch(() => undefined);
  }
  if (waiting >= MAX_WAITING)
    throw unavailable("busy", `${MAX_WAITING} login links wait to be used`, { retryAfterMs: LIFETIME_MS });
}
