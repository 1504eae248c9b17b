import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { RequestContract } from "@matrix-os/contracts/define";
import { OsError, toOsError, unavailable } from "@matrix-os/contracts/errors";
import type { Change } from "@matrix-os/contracts/file/written.event";
import type { FingerprintSet } from "@matrix-os/contracts/vault/secret";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { createLog } from "@matrix-os/runtime/log";
import { type FileConfig, readFileConfig } from "../../src/config.ts";
import { type FileBus, type FileDeps, createFileDeps } from "../../src/deps.ts";
import { write } from "../../src/on-request/write.ts";

/** A bus that keeps what it is told; streams are queues of parts by transfer. */
export interface FakeBus extends FileBus {
  readonly changes: Change[];
  readonly parts: Map<string, Uint8Array[]>;
  isDown: boolean;
  /** What the vault answers; not set: there is no vault. */
  fingerprints: FingerprintSet | undefined;
  /** Resolves at the first change that fits. */
  heard(fits: (change: Change) => boolean): Promise<Change>;
}

/** A whole file service on a real disk with a real git. */
export interface TestHome extends AsyncDisposable {
  readonly home: string;
  readonly bus: FakeBus;
  deps: FileDeps;
  /** Calls a handler as the bus would: the request gets its defaults, the reply is checked. */
  ask<Request, Reply>(
    contract: RequestContract<Request, Reply>,
    handler: (request: Request, deps: FileDeps) => Promise<Reply>,
    body: unknown,
  ): Promise<Reply>;
  /** Writes a text as the owner. */
  put(at: string, content: string, turn?: string): Promise<number>;
  at(...names: string[]): string;
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Makes a bus for tests. */
export function createFakeBus(): FakeBus {
  const changes: Change[] = [];
  const waiting: { fits: (change: Change) => boolean; resolve: (change: Change) => void }[] = [];
  const parts = new Map<string, Uint8Array[]>();
  const bus: FakeBus = {
    fingerprints: undefined,
    request: async () => {
      if (bus.fingerprints === undefined) throw unavailable("no-responder", "no vault here");
      return bus.fingerprints as never;
    },
    changes,
    parts,
    isDown: false,
    heard: (fits) => {
      const known = changes.find(fits);
      return known === undefined ? new Promise((resolve) => waiting.push({ fits, resolve })) : Promise.resolve(known);
    },
    publish: async (_contract, _key, body) => {
      if (bus.isDown) throw unavailable("bus-down", "the bus is down");
      const change = body as unknown as Change;
      changes.push(change);
      for (const { fits, resolve } of waiting) if (fits(change)) resolve(change);
    },
    sendParts: async (to, source) => {
      const sent: Uint8Array[] = [];
      for await (const part of source) sent.push(part);
      parts.set(to.transfer, sent);
    },
    receiveParts: (from) => toIterator(parts.get(from.transfer) ?? []),
  };
  return bus;
}

async function* toIterator(parts: readonly Uint8Array[]): ReturnType<FileBus["receiveParts"]> {
  yield* parts;
}

/** Opens a file service on a new or given home. */
export async function openTestHome(
  options: { home?: string; before?: (home: string) => void; env?: Record<string, string> } = {},
): Promise<TestHome> {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), "file-test-"));
  const home = options.home ?? path.join(base, "home");
  options.before?.(home);
  const config: FileConfig = readFileConfig({
    PATH: process.env["PATH"],
    HOME: base,
    MATRIX_HOME: home,
    MATRIX_STATE: path.join(base, "state"),
    MATRIX_DEVICE: "test",
    MATRIX_QUIET_MS: "100000",
    ...options.env,
  });
  const bus = createFakeBus();
  const log = createLog("error");
  const open = () => createFileDeps(config, { bus, log });
  const test: TestHome = {
    home,
    bus,
    deps: await open(),
    ask: async (contract, handler, body) =>
      contract.reply.parse(await handler(contract.request.parse(body), test.deps)),
    put: async (at, content, turn) => {
      const origin = turn === undefined ? { actor: "owner" } : { actor: "kernel", session: "s_1", turn };
      return (await test.ask(writeRequest, write, { path: at, content, origin })).seq;
    },
    at: (...names) => path.join(home, ...names),
    stop: async () => {
      await test.deps[Symbol.asyncDispose]();
    },
    start: async () => {
      test.deps = await open();
    },
    restart: async () => {
      await test.stop();
      await test.start();
    },
    [Symbol.asyncDispose]: async () => {
      await test.stop();
      fs.rmSync(base, { recursive: true, force: true });
    },
  };
  return test;
}

/** The error a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<OsError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof OsError) return thrown;
    throw thrown;
  }
  throw new Error("this should have failed");
}

/** The code of an error that a request ended with. */
export function toCode(thrown: unknown): string {
  return toOsError(thrown).code;
}

/** Everything in a home but the service's own folders, with modes, links and bytes. */
export function photograph(home: string, folder = ""): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const entry of fs.readdirSync(path.join(home, folder), { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (at === ".matrix" || at.startsWith("system")) continue;
    const stats = fs.lstatSync(path.join(home, at));
    const mode = (stats.mode & 0o7777).toString(8);
    if (entry.isSymbolicLink()) seen[at] = `link ${fs.readlinkSync(path.join(home, at))}`;
    else if (entry.isDirectory()) Object.assign(seen, { [`${at}/`]: `folder ${mode}` }, photograph(home, at));
    else seen[at] = `file ${mode} ${fs.readFileSync(path.join(home, at)).toString("base64")}`;
  }
  return seen;
}
