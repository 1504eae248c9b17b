/*
 * The first script of every page of an app, before the app's own. It takes away what a content security policy does not close
 * (reliability-security §2.6): WebRTC and WebTransport, and the ways to a fresh window that would have them again.
 * The page that follows is hostile: nothing here may depend on a global or a prototype that it could have replaced.
 */
(() => {
  "use strict";

  const { apply, defineProperty } = Reflect;
  const { toLowerCase, includes, lastIndexOf, slice } = String.prototype;
  const call = (method, text, ...values) => apply(method, text, values);

  const refusedElements = ["iframe", "frame", "frameset", "object", "embed", "fencedframe", "portal", "applet"];
  const refusedMarkup = ["srcdoc", "<base", "<meta", "<link", "<!entity", "<?xml-stylesheet"];

  removeConnections();
  guardMarkup();
  guardElements();

  function removeConnections() {
    const names = [
      "RTCPeerConnection",
      "webkitRTCPeerConnection",
      "RTCDataChannel",
      "RTCIceTransport",
      "RTCDtlsTransport",
      "RTCSctpTransport",
      "WebTransport",
      "XSLTProcessor",
    ];
    for (const name of names) hide(window, name);
  }

  function hide(holder, name) {
    defineProperty(holder, name, { value: undefined, writable: false, configurable: false });
  }

  /** One policy decides about all text that becomes markup or code; the page can't make another. */
  function guardMarkup() {
    const createHTML = (html, _type, sink) => {
      const lower = call(toLowerCase, html);
      if (call(includes, call(toLowerCase, `${sink}`), "srcdoc") || hasRefused(lower)) throw refusal();
      return html;
    };
    window.trustedTypes?.createPolicy("default", {
      createHTML,
      createScript: (code) => code,
      createScriptURL: (url) => url,
    });
    hide(window, "trustedTypes");
  }

  function hasRefused(lower) {
    for (let index = 0; index < refusedMarkup.length; index += 1)
      if (call(includes, lower, refusedMarkup[index])) return true;
    for (let index = 0; index < refusedElements.length; index += 1) {
      const name = refusedElements[index];
      if (call(includes, lower, `<${name}`) || call(includes, lower, `:${name}`)) return true;
    }
    return false;
  }

  function guardElements() {
    const { createElement, createElementNS } = Document.prototype;
    const { define } = CustomElementRegistry.prototype;
    replace(Document.prototype, "createElement", function (name, options) {
      const text = `${name}`;
      refuseElement(text);
      return apply(createElement, this, [text, options]);
    });
    replace(Document.prototype, "createElementNS", function (namespace, name, options) {
      const text = `${name}`;
      refuseElement(text);
      return apply(createElementNS, this, [namespace, text, options]);
    });
    replace(CustomElementRegistry.prototype, "define", function (name, constructor, options) {
      const base = options?.extends;
      const text = base === undefined ? undefined : `${base}`;
      if (text === undefined) return apply(define, this, [name, constructor]);
      refuseElement(text);
      return apply(define, this, [name, constructor, { extends: text }]);
    });
  }

  function refuseElement(name) {
    const local = call(toLowerCase, call(slice, name, call(lastIndexOf, name, ":") + 1));
    for (let index = 0; index < refusedElements.length; index += 1)
      if (refusedElements[index] === local) throw refusal();
  }

  /** Configurable, for a client that adds checks of its own on top. What it wraps is this, never the browser's. */
  function replace(holder, name, value) {
    defineProperty(holder, name, { value, writable: false, enumerable: true, configurable: true });
  }

  function refusal() {
    return new TypeError("frames and page-wide elements are not allowed in an app");
  }
})();
