import { vi } from "vitest";
import { type FakeGateway, startFakeGateway } from "./fake-gateway.ts";

/** What a page of the shell finds around it, without a browser: an address, storage, a gateway to reach. */
export interface Page extends AsyncDisposable {
  readonly gateway: FakeGateway;
  readonly kept: Storage;
  readonly document: EventTarget & { visibilityState: string };
}

// Storage in memory.
function createStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

/** Sets the globals of a page that was loaded from a fake gateway; disposing takes them away. */
export async function openPage(): Promise<Page> {
  const gateway = await startFakeGateway("no-dist");
  gateway.turns.pace = 3;
  const { host, protocol } = new URL(gateway.url);
  const kept = createStorage();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const reach = globalThis.fetch;
  vi.stubGlobal("location", { host, protocol });
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => reach(new URL(url, gateway.url), init));
  vi.stubGlobal("sessionStorage", kept);
  vi.stubGlobal("localStorage", kept);
  vi.stubGlobal("document", document);
  const around = new EventTarget();
  vi.stubGlobal("addEventListener", around.addEventListener.bind(around));
  vi.stubGlobal("removeEventListener", around.removeEventListener.bind(around));
  vi.stubGlobal("dispatchEvent", around.dispatchEvent.bind(around));
  vi.stubGlobal("innerWidth", 1_200);
  vi.stubGlobal("innerHeight", 800);
  return {
    gateway,
    kept,
    document,
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllGlobals();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
