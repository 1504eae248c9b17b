import { type Bus, connectBus } from "@matrix-os/bus";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { listOutboxRequest } from "@matrix-os/contracts/file/list-outbox.request";
import { createMetrics } from "@matrix-os/runtime/metrics";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { dispatcherService } from "../../src/service.ts";
import type { z } from "zod";
import { type Play, playOn } from "./play-service.ts";

/** One line that the dispatcher logged. */
export interface Said {
  readonly fields: unknown;
  readonly text: string;
}

/** A broker, and a dispatcher in this process whose file service the test plays: what no real one does on demand. */
export interface Scene extends AsyncDisposable {
  readonly broker: Broker;
  readonly bus: Bus;
  readonly play: Play;
  /** `whenConnected` happens between its connection to the bus and everything else. */
  readonly start: (
    env?: Record<string, string>,
    how?: { readonly whenConnected?: () => Promise<void> },
  ) => Promise<AsyncDisposable>;
  readonly hasSaid: (text: string) => boolean;
  readonly said: readonly Said[];
}

/** Sets one up. Nothing is open and the outbox is empty, unless the test plays something else. */
export async function setScene(how: { readonly config?: string; readonly user?: string } = {}): Promise<Scene> {
  const broker = await startBroker(how.config === undefined ? {} : { config: how.config });
  const address = { url: broker.url, ...(how.user === undefined ? {} : { user: how.user, password: how.user }) };
  const bus = await connectBus("test", address);
  const said: Said[] = [];
  return {
    broker,
    bus,
    said,
    play: playOn(bus),
    hasSaid: (text) => said.some((line) => line.text === text),
    start: async (env = {}, { whenConnected } = {}) => {
      const own = await connectBus("dispatcher", address);
      await whenConnected?.();
      return startHere(own, { MATRIX_RECONCILE_MS: "200", MATRIX_BUS_URL: broker.url, ...env }, said);
    },
    [Symbol.asyncDispose]: async () => {
      await bus[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** What a played file service answers; not set: nothing is open, nothing waits. */
export interface PlayedFiles {
  readonly listOpen?: (request: z.infer<typeof listOpenRequest.request>) => z.infer<typeof listOpenRequest.reply>;
  readonly listOutbox?: (request: z.infer<typeof listOutboxRequest.request>) => z.infer<typeof listOutboxRequest.reply>;
}

/** Plays what a dispatcher always asks of the file service. */
export async function playFiles({ play }: Scene, files: PlayedFiles = {}): Promise<AsyncDisposable> {
  const parts = new AsyncDisposableStack();
  parts.use(await play(listOpenRequest, files.listOpen ?? (() => ({ open: [], more: false }))));
  parts.use(await play(listOutboxRequest, files.listOutbox ?? (() => ({ parts: [], more: false }))));
  return parts;
}

async function startHere(bus: Bus, env: Record<string, string>, said: Said[]): Promise<AsyncDisposable> {
  const say = (fields: unknown, text?: string) =>
    void said.push(typeof fields === "string" ? { fields: {}, text: fields } : { fields, text: text ?? "" });
  const log = { child: () => log, debug: say, info: say, warn: say, error: say };
  const host = { env, bus, log: log as never, redactor: {} as never, metrics: createMetrics(), version: "0.0.0" };
  const running = await dispatcherService.start(host);
  return {
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
    },
  };
}
