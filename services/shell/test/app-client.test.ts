import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../app-client/matrix.d.ts";

const client = readFileSync(resolve(import.meta.dirname, "../app-client/matrix.js"), "utf8");

interface Page {
  readonly matrix: Matrix;
  readonly localStorage: Storage;
  readonly document: { documentElement: { dataset: { theme?: string } } };
  readonly RTCPeerConnection: unknown;
  readonly name: string;
  /** What the page said to its parent. */
  readonly said: unknown[];
}

/** Runs the client in a page: with a parent it is inside Matrix OS when its name says so. */
function openPage(options: { name?: string; isFramed?: boolean; theme?: string } = {}): Page {
  const said: unknown[] = [];
  const changes: (() => void)[] = [];
  const documentElement: { dataset: { theme?: string }; style: object } = { dataset: {}, style: {} };
  class Document {
    createElement(name: string): string {
      return name;
    }
    createElementNS(_space: string, name: string): string {
      return name;
    }
  }
  const page = {
    name: options.name ?? "",
    said,
    document: Object.assign(new Document(), { documentElement, addEventListener: () => undefined }),
    Document,
    location: { pathname: "/a/token/index.html" },
    matchMedia: () => ({ matches: false }),
    addEventListener: () => undefined,
    RTCPeerConnection: MessageChannel,
    EventTarget,
    CustomEvent,
    setTimeout,
    clearTimeout,
    // The page's <html> is read only after the client has run.
    MutationObserver: class {
      readonly #changed: () => void;
      constructor(changed: () => void) {
        this.#changed = changed;
      }
      observe(): void {
        changes.push(this.#changed);
      }
      disconnect(): void {
        changes.length = 0;
      }
    },
  };
  const parent = options.isFramed === false ? page : { postMessage: (data: unknown) => said.push(data) };
  const window = createContext(Object.assign(page, { parent }));
  Object.assign(window, { window });
  runInContext(client, window);
  if (options.theme !== undefined) documentElement.dataset.theme = options.theme;
  for (const changed of changes) changed();
  return window as unknown as Page;
}

const inside = JSON.stringify({ matrix: 1, app: "habits", theme: "dark", kept: { n: 2 }, local: { visits: "3" } });

describe("the client of an app", () => {
  test("has its name, theme, kept state and localStorage before the app's first script", () => {
    const page = openPage({ name: inside });
    expect([page.matrix.app, page.matrix.theme, page.matrix.isInside]).toEqual(["habits", "dark", true]);
    expect(page.matrix.kept).toEqual({ n: 2 });
    expect(page.localStorage.getItem("visits")).toBe("3");
    expect(page.document.documentElement.dataset.theme).toBe("dark");
    expect(page.said).toEqual([{ type: "matrix:ready" }]);
  });

  test("leaves alone a page that is made light or dark", () => {
    expect(openPage({ name: inside, theme: "light" }).document.documentElement.dataset.theme).toBe("light");
    expect(openPage({ name: inside, theme: "auto" }).document.documentElement.dataset.theme).toBe("dark");
  });

  test("its stand-in for localStorage behaves like one, and the next page finds what was written", () => {
    const page = openPage({ name: inside });
    const storage = page.localStorage;
    storage.setItem("a", "1");
    storage["b"] = "2";
    expect([storage.length, storage["a"], storage.getItem("b"), storage.getItem("none")]).toEqual([3, "1", "2", null]);
    expect(Object.keys(storage)).toEqual(["visits", "a", "b"]);
    expect(JSON.parse(page.name)).toMatchObject({ app: "habits", local: { visits: "3", a: "1", b: "2" } });
    storage.removeItem("a");
    delete storage["b"];
    storage.clear();
    expect(storage.length).toBe(0);
  });

  test("takes away WebRTC and frames, for good", () => {
    const page = openPage({ name: inside });
    expect(page.RTCPeerConnection).toBeUndefined();
    const context = page as unknown as { document: { createElement: (name: string) => unknown } };
    expect(() => context.document.createElement("IFRAME")).toThrow("not allowed");
    expect(context.document.createElement("p")).toBe("p");
  });

  test("outside of Matrix OS it keeps things in the page and refuses the rest", async () => {
    const page = openPage({ isFramed: false });
    await page.matrix.storage.set("a", { n: 1 });
    expect(await page.matrix.storage.get("a")).toEqual({ n: 1 });
    expect(await page.matrix.storage.keys()).toEqual(["a"]);
    await expect(page.matrix.sql("select 1")).rejects.toMatchObject({ code: "no-responder" });
    expect(page.said).toEqual([]);
  });
});
