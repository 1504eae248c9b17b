/*
 * The client that a Matrix OS app loads: <script src="matrix.js"></script>, as the first script of the page.
 * Everything an app may ask goes through one message port to the shell; see matrix.d.ts for what there is.
 * Outside Matrix OS (a file opened by hand) it falls back to the browser's own storage, or to memory.
 */
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-argument, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/explicit-module-boundary-types -- plain JavaScript; matrix.d.ts has its types */
"use strict";

// A block, so that nothing but `window.matrix` becomes global; the gateway puts it before the page, which may load it again.
if (!("matrix" in window)) {
  const READY = "matrix:ready";
  const PORT = "matrix:port";
  /** The storage key of the stand-in for localStorage. */
  const LOCAL_KEY = "localStorage";
  const KEEP_WAIT_MS = 150;
  const isFramed = window.parent !== window;
  const known = readFrameData();
  const isInside = isFramed && known !== undefined;

  lockDown();

  let port;
  let lastId = 0;
  const pending = new Map();
  const unsent = [];
  let followsTheme = false;
  let keptState = known?.kept ?? null;
  let theme = known?.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  /** What the shell put into the frame's name; undefined outside of Matrix OS. */
  function readFrameData() {
    try {
      const data = JSON.parse(window.name);
      return data?.matrix === 1 ? data : undefined;
    } catch {
      return undefined;
    }
  }

  // ---- The line to the shell

  function ask(request) {
    if (!isInside) return Promise.reject(toError("no-responder", "this page is not open in Matrix OS"));
    lastId += 1;
    const message = { ...request, id: lastId };
    return new Promise((resolve, reject) => {
      pending.set(message.id, { resolve, reject });
      if (port === undefined) unsent.push(message);
      else post(message);
    });
  }

  function post(message) {
    try {
      port.postMessage(message);
    } catch {
      // What can't be cloned (a function, an element) can't be kept either.
      settle({ type: "refusal", id: message.id, code: "invalid", message: "this value can't be sent" });
    }
  }

  function settle(message) {
    const asked = pending.get(message.id);
    pending.delete(message.id);
    if (message.type === "answer") asked?.resolve(message.value);
    else asked?.reject(toError(message.code, message.message));
  }

  function toError(code, message) {
    return Object.assign(new Error(message), { name: "MatrixError", code });
  }

  function hear({ data }) {
    if (data?.type === "answer" || data?.type === "refusal") settle(data);
    else if (data?.type === "theme" || data?.type === "hello") setTheme(data.theme);
  }

  function setTheme(next) {
    const changed = theme !== next;
    theme = next;
    showTheme();
    if (changed) matrix.dispatchEvent(new CustomEvent("theme", { detail: next }));
  }

  function showTheme() {
    if (!followsTheme) return;
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme;
  }

  /** An app that was made light or dark stays so. This runs before its <html> is read: the first change of the page is that. */
  function followTheme() {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      followsTheme = ["", "auto", undefined].includes(document.documentElement.dataset.theme);
      showTheme();
    });
    observer.observe(document, { attributes: true, childList: true, subtree: true });
  }

  function connect() {
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.type !== PORT || event.ports.length !== 1) return;
      port?.close();
      [port] = event.ports;
      port.addEventListener("message", hear);
      port.start();
      for (const message of unsent.splice(0)) post(message);
    });
    window.parent.postMessage({ type: READY }, "*");
  }

  // ---- Storage: the shell's, else the browser's, else memory

  function readBrowserStorage() {
    try {
      const storage = window.localStorage;
      storage.getItem("");
      return storage;
    } catch {
      // An opaque origin has none.
      return undefined;
    }
  }

  const outside = isInside ? undefined : (readBrowserStorage() ?? toMemoryStorage({}));
  const prefix = `matrix:${location.pathname.replace(/[^/]*$/, "")}`;

  const storage = {
    get: async (key) =>
      isInside ? ask({ do: "storage.get", key }) : JSON.parse(outside.getItem(prefix + key) ?? "null"),
    set: async (key, value) => {
      if (isInside) await ask({ do: "storage.set", key, value });
      else outside.setItem(prefix + key, JSON.stringify(value));
    },
    delete: async (key) => {
      if (isInside) await ask({ do: "storage.delete", key });
      else outside.removeItem(prefix + key);
    },
    keys: async () => {
      if (isInside) return (await ask({ do: "storage.keys" })).filter((key) => key !== LOCAL_KEY);
      const names = Array.from({ length: outside.length }, (_, index) => outside.key(index));
      return names.filter((name) => name?.startsWith(prefix)).map((name) => name.slice(prefix.length));
    },
  };

  // ---- The stand-in for localStorage

  /** A Storage over a plain object: the methods, and properties as in `localStorage.theme`. */
  function toMemoryStorage(initial, changed = () => {}) {
    const items = new Map(Object.entries(initial));
    const methods = {
      getItem: (key) => items.get(String(key)) ?? null,
      setItem: (key, value) => {
        items.set(String(key), String(value));
        changed(items);
      },
      removeItem: (key) => {
        items.delete(String(key));
        changed(items);
      },
      clear: () => {
        items.clear();
        changed(items);
      },
      key: (index) => [...items.keys()][index] ?? null,
    };
    return new Proxy(methods, {
      get: (_, name) => {
        if (name === "length") return items.size;
        return Object.hasOwn(methods, name) ? methods[name] : items.get(String(name));
      },
      set: (_, name, value) => (methods.setItem(name, value), true),
      has: (_, name) => Object.hasOwn(methods, name) || items.has(String(name)),
      deleteProperty: (_, name) => (methods.removeItem(name), true),
      ownKeys: () => [...items.keys()],
      getOwnPropertyDescriptor: (_, name) =>
        items.has(String(name))
          ? { value: items.get(String(name)), writable: true, enumerable: true, configurable: true }
          : undefined,
    });
  }

  /** Writes go to the shell together, a moment later; the frame's name keeps them for the next page of this app. */
  function toMirroredStorage(initial) {
    let timer;
    return toMemoryStorage(initial, (items) => {
      const local = Object.fromEntries(items);
      window.name = JSON.stringify({ ...known, local });
      clearTimeout(timer);
      timer = setTimeout(() => void storage.set(LOCAL_KEY, local).catch(report), 50);
    });
  }

  function defineStorages() {
    if (!isInside) return;
    Object.defineProperty(window, "localStorage", { value: toMirroredStorage(known.local ?? {}), configurable: false });
    Object.defineProperty(window, "sessionStorage", { value: toMemoryStorage({}), configurable: false });
  }

  // ---- State that survives a reload

  let keepSource;
  let keepTimer;

  function keepSoon() {
    clearTimeout(keepTimer);
    keepTimer = setTimeout(() => {
      const state = typeof keepSource === "function" ? keepSource() : keepSource;
      keptState = state;
      if (isInside) void ask({ do: "keep", state }).catch(report);
    }, KEEP_WAIT_MS);
  }

  function keep(state) {
    const isFirst = keepSource === undefined;
    keepSource = state;
    keepSoon();
    if (!isFirst || typeof state !== "function") return;
    for (const type of ["input", "change", "click", "keyup"])
      document.addEventListener(type, keepSoon, { passive: true });
  }

  // ---- What breaks is shown

  let reports = 0;

  function report(problem, source = "") {
    reports += 1;
    // The first ones say it all.
    if (!isInside || reports > 5) return;
    const message = String(problem?.message ?? problem).slice(0, 2000) || "unknown error";
    void ask({ do: "report", message, source: source.slice(0, 500) }).catch(() => {});
  }

  window.addEventListener(
    "error",
    (event) => {
      const file = (event.filename ?? "").replace(/^.*\/a\/[^/]+\//, "");
      const failed =
        event.target instanceof Element
          ? (event.target.getAttribute("src") ?? event.target.getAttribute("href"))
          : null;
      if (failed !== null) report(`${failed} could not be loaded`, document.title);
      else report(event.message, file === "" ? "" : `${file}:${event.lineno}`);
    },
    true,
  );
  window.addEventListener("unhandledrejection", (event) => report(event.reason, "a promise that nobody caught"));

  // ---- Ways out that a content security policy does not close

  /**
   * WebRTC can talk to any host whatever the policy says, and a nested frame would bring a fresh copy of it. So: no WebRTC and
   * WebTransport constructors; no element that opens a document; markup that would make one is refused by a Trusted Types
   * policy, and XSLT, which makes elements past it, is gone. Only inside Matrix OS.
   */
  function lockDown() {
    if (!isFramed) return;
    const gone = [
      "RTCPeerConnection",
      "webkitRTCPeerConnection",
      "mozRTCPeerConnection",
      "RTCDataChannel",
      "RTCIceTransport",
      "RTCDtlsTransport",
      "RTCSctpTransport",
      "RTCCertificate",
      "WebTransport",
      "XSLTProcessor",
    ];
    for (const name of gone)
      Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false });
    refuseFrames();
    const refused = /<\s*(iframe|frame|frameset|object|embed|fencedframe|portal|applet|base|meta|link)\b/i;
    const check = (html, sink) => {
      if (refused.test(html) || /srcdoc/i.test(String(sink)))
        throw new TypeError("frames and page-wide elements are not allowed in an app");
      return html;
    };
    // Taking the one default policy keeps the app from making a laxer one.
    window.trustedTypes?.createPolicy("default", {
      createHTML: (html, _type, sink) => check(html, sink),
      createScript: (script) => script,
      createScriptURL: (url) => url,
    });
  }

  function refuseFrames() {
    const names = /^(.*:)?(iframe|frame|frameset|object|embed|fencedframe|portal)$/i;
    for (const method of ["createElement", "createElementNS"]) {
      const make = Document.prototype[method];
      const guarded = function (...args) {
        const name = method === "createElement" ? args[0] : args[1];
        if (names.test(String(name))) throw new TypeError("frames are not allowed in an app");
        return make.apply(this, args);
      };
      Object.defineProperty(Document.prototype, method, { value: guarded, writable: false, configurable: false });
    }
  }

  // ---- What the app sees

  class Matrix extends EventTarget {
    get app() {
      return known?.app ?? "";
    }
    get theme() {
      return theme;
    }
    get kept() {
      return keptState;
    }
    get isInside() {
      return isInside;
    }
    get storage() {
      return storage;
    }
    sql(text, parameters = []) {
      return ask({ do: "sql.query", statement: { text, parameters } });
    }
    get files() {
      return {
        read: (path) => ask({ do: "files.read", path }),
        write: (path, content) => ask({ do: "files.write", path, content }).then(() => undefined),
        list: (path = "") => ask({ do: "files.list", path }).then(({ entries }) => entries),
      };
    }
    notify(title, body = "") {
      return ask({ do: "notify", title, body }).then(() => undefined);
    }
    ask(text) {
      return ask({ do: "ask", text });
    }
    keep(state) {
      keep(state);
    }
    report(problem) {
      report(problem);
    }
  }

  const matrix = new Matrix();
  Object.defineProperty(window, "matrix", { value: matrix, writable: false, configurable: false });
  defineStorages();
  followTheme();
  if (isInside) connect();
}
