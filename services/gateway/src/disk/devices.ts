import { type FSWatcher, watch } from "node:fs";
import { mkdir, readFile, readdir, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rejected } from "@matrix-os/contracts/errors";
import { z } from "zod";
import { createSecret, toDigest } from "../auth/secrets.ts";

/** How long a browser stays logged in. */
export const DEVICE_LIFETIME_MS = 90 * 86_400_000;
/** How long a check of the file counts: another gateway may have removed it. */
const TRUST_MS = 500;
const SEEN_EVERY_MS = 600_000;
const MAX_CACHED = 1_000;

const deviceFile = z.object({ createdAt: z.iso.datetime(), lastSeen: z.iso.datetime(), userAgent: z.string() });

/** A logged-in browser as it is kept; `id` is the digest of its cookie. */
export type DeviceRecord = z.infer<typeof deviceFile> & { readonly id: string };

/** Browsers that are logged in. Only the digest of a cookie is kept. */
export interface Devices extends Disposable {
  /** Logs a browser in; answers the value of its cookie. */
  create(userAgent: string, nowMs: number): Promise<string>;
  /** The device of a cookie, or nothing when it was removed or is too old. */
  find(cookie: string, nowMs: number): Promise<DeviceRecord | undefined>;
  /** The same by its id, for what an already known device has opened. */
  findById(id: string, nowMs: number): Promise<DeviceRecord | undefined>;
  list(nowMs: number): Promise<DeviceRecord[]>;
  /** Errors: `not-found`. */
  remove(id: string): Promise<void>;
  /** Calls back when this device was removed, here or by another gateway; returns how to stop listening. */
  onRemoved(id: string, callback: () => void): () => void;
}

interface Store {
  readonly folder: string;
  readonly cached: Map<string, { device: DeviceRecord; checkedAt: number }>;
  readonly listeners: Map<string, Set<() => void>>;
  watcher: FSWatcher | undefined;
}

/** Keeps devices in `<state>/auth/devices`. */
export async function openDevices(state: string): Promise<Devices> {
  const folder = join(state, "auth", "devices");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const store: Store = { folder, cached: new Map(), listeners: new Map(), watcher: undefined };
  return {
    create: (userAgent, nowMs) => createDevice(store, userAgent, nowMs),
    find: (cookie, nowMs) => findDevice(store, toDigest(cookie), nowMs),
    findById: (id, nowMs) => findDevice(store, id, nowMs),
    list: async (nowMs) => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
      const devices = await Promise.all(names.map((name) => readDevice(store, name.slice(0, -".json".length), nowMs)));
      return devices.filter((device) => device !== undefined);
    },
    remove: (id) => removeDevice(store, id),
    onRemoved: (id, callback) => listen(store, id, callback),
    [Symbol.dispose]: () => store.watcher?.close(),
  };
}

async function createDevice(store: Store, userAgent: string, nowMs: number): Promise<string> {
  const cookie = createSecret();
  const at = new Date(nowMs).toISOString();
  await writeDevice(store, { id: toDigest(cookie), createdAt: at, lastSeen: at, userAgent: userAgent.slice(0, 300) });
  return cookie;
}

async function findDevice(store: Store, id: string, nowMs: number): Promise<DeviceRecord | undefined> {
  const known = store.cached.get(id);
  if (known !== undefined && nowMs - known.checkedAt < TRUST_MS) return known.device;
  store.cached.delete(id);
  const device = await readDevice(store, id, nowMs);
  if (device === undefined) return undefined;
  if (store.cached.size >= MAX_CACHED) store.cached.clear();
  store.cached.set(id, { device, checkedAt: nowMs });
  if (nowMs - Date.parse(device.lastSeen) > SEEN_EVERY_MS) await noteSeen(store, device, nowMs);
  return device;
}

async function readDevice(store: Store, id: string, nowMs: number): Promise<DeviceRecord | undefined> {
  try {
    const device = deviceFile.parse(JSON.parse(await readFile(toPath(store, id), "utf8")));
    return nowMs - Date.parse(device.createdAt) < DEVICE_LIFETIME_MS ? { id, ...device } : undefined;
  } catch {
    return undefined; // Not there, or not ours: nobody is logged in by it.
  }
}

async function noteSeen(store: Store, device: DeviceRecord, nowMs: number): Promise<void> {
  // Looked at once more: a device that is being removed must not come back.
  if (await isGone(store, device.id)) return;
  await writeDevice(store, { ...device, lastSeen: new Date(nowMs).toISOString() }).catch(() => undefined);
}

async function writeDevice(store: Store, { id, ...device }: DeviceRecord): Promise<void> {
  const draft = join(store.folder, `${id}.${createSecret()}`);
  await writeFile(draft, JSON.stringify(device), { mode: 0o600, flag: "wx" });
  await rename(draft, toPath(store, id));
}

async function removeDevice(store: Store, id: string): Promise<void> {
  try {
    await unlink(toPath(store, id));
  } catch (cause) {
    throw rejected("not-found", "no such device", { cause });
  }
  forget(store, id);
}

function forget(store: Store, id: string): void {
  store.cached.delete(id);
  for (const callback of store.listeners.get(id) ?? []) callback();
}

function listen(store: Store, id: string, callback: () => void): () => void {
  const callbacks = store.listeners.get(id) ?? new Set();
  store.listeners.set(id, callbacks.add(callback));
  store.watcher ??= watch(store.folder, (_event, name) => void checkRemoved(store, name ?? "")).unref();
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) store.listeners.delete(id);
    if (store.listeners.size > 0) return;
    store.watcher?.close();
    store.watcher = undefined;
  };
}

async function checkRemoved(store: Store, name: string): Promise<void> {
  const id = name.replace(/\.json$/, "");
  if (store.listeners.has(id) && (await isGone(store, id))) forget(store, id);
}

async function isGone(store: Store, id: string): Promise<boolean> {
  return stat(toPath(store, id)).then(
    () => false,
    () => true,
  );
}

function toPath(store: Store, id: string): string {
  return join(store.folder, `${/^[0-9a-f]{64}$/.test(id) ? id : "none"}.json`);
}
