import type { WayOut } from "./ways-out.ts";

/** Documents inside a page; they don't disturb each other. */
export const frameWays: readonly WayOut[] = [
  { name: "a frame in markup", unprotected: "request", markup: `<iframe src="{url}"></iframe>` },
  {
    name: "a frame from a script",
    unprotected: "request",
    script: `const f = document.createElement("iframe"); f.src = url; document.body.append(f)`,
  },
  { name: "a frame with srcdoc", unprotected: "request", markup: `<iframe srcdoc="<img src='{url}'>"></iframe>` },
  {
    name: "a frame set",
    unprotected: "request",
    script: `const f = document.createElement("frameset"); const g = document.createElement("frame"); g.src = url; f.append(g); document.documentElement.append(f)`,
  },
  { name: "object", unprotected: "request", markup: `<object data="{url}"></object>` },
  { name: "embed", unprotected: "request", markup: `<embed src="{url}">` },
  {
    name: "fenced frame",
    unprotected: "nothing",
    markup: `<fencedframe></fencedframe>`,
    script: `document.querySelector("fencedframe").config = new FencedFrameConfig(url)`,
  },
  { name: "portal", unprotected: "nothing", markup: `<portal src="{url}"></portal>` },
];

/** Each wants a page whose WebRTC was not taken away; `inner` is what would run there. They don't disturb each other. */
export const insidePageWays: readonly WayOut[] = [
  {
    name: "WebRTC of a page inside, in markup",
    unprotected: "packet",
    markup: `<iframe srcdoc="<script>{quoted}</script>"></iframe>`,
  },
  {
    name: "WebRTC of a page inside, from a template",
    unprotected: "packet",
    markup: `<template><iframe></iframe></template>`,
    script: `const f = document.querySelector("template").content.cloneNode(true); f.firstChild.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, from a script",
    unprotected: "packet",
    script: `const f = document.createElement("iframe"); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, as an attribute",
    unprotected: "packet",
    script: `const f = document.createElement("iframe"); f.setAttribute("srcdoc", inner); document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, as a moved attribute",
    unprotected: "packet",
    script: `const f = document.createElement("iframe"); const a = document.createAttribute("srcdoc"); a.value = inner; f.setAttributeNode(a); document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, with a namespace",
    unprotected: "packet",
    script: `const f = document.createElementNS("http://www.w3.org/1999/xhtml", "x:iframe"); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, whose name changes its mind",
    unprotected: "nothing",
    script: `let n = 0; const f = document.createElement({ toString: () => (n++ === 0 ? "div" : "iframe") }); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, as an element of its own",
    unprotected: "packet",
    script: `class F extends HTMLIFrameElement {} customElements.define("x-f", F, { extends: "iframe" }); const f = new F(); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, in text",
    unprotected: "packet",
    script: `const d = document.createElement("div"); document.body.append(d); d.innerHTML = "<ifr" + "ame></ifr" + "ame>"; d.firstChild.srcdoc = inner`,
  },
  {
    name: "WebRTC of a page inside, in adjacent text",
    unprotected: "packet",
    script: `document.body.insertAdjacentHTML("beforeend", "<IFR" + "AME></ifr" + "ame>"); document.body.lastChild.srcdoc = inner`,
  },
  {
    name: "WebRTC of a page inside, in unsafe text",
    unprotected: "packet",
    script: `const d = document.createElement("div"); document.body.append(d); d.setHTMLUnsafe("<ifr" + "ame></ifr" + "ame>"); d.firstChild.srcdoc = inner`,
  },
  {
    name: "WebRTC of a page inside, from another document",
    unprotected: "packet",
    script: `const d = new DOMParser().parseFromString("<x:html xmlns:x='http://www.w3.org/1999/xhtml'><x:ifr" + "ame/></x:html>", "application/xhtml+xml"); const f = document.importNode(d.documentElement.firstChild, true); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, from another document's maker",
    unprotected: "packet",
    script: `const f = document.implementation.createHTMLDocument("").createElement("iframe"); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, in a fragment",
    unprotected: "packet",
    script: `const f = document.createRange().createContextualFragment("<ifr" + "ame></ifr" + "ame>").firstChild; f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, by a script's address",
    unprotected: "packet",
    script: `const f = document.createElement("iframe"); f.src = "javascript:" + encodeURIComponent(JSON.stringify(inner)); document.body.append(f)`,
  },
  { name: "WebRTC where XSLT is", unprotected: "packet", script: `new XSLTProcessor(); rtc(window)` },
];

/** The same, but each changes its page. */
export const changedPageWays: readonly WayOut[] = [
  {
    name: "WebRTC of a page inside, after the checks were replaced",
    unprotected: "packet",
    script: `RegExp.prototype.test = RegExp.prototype[Symbol.match] = () => false; RegExp.prototype.exec = () => null; String.prototype.includes = () => false; String.prototype.indexOf = () => -1; String.prototype.toLowerCase = () => ""; globalThis.String = () => ""; Array.prototype.some = () => false; const f = document.createElement("iframe"); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, with the stolen original",
    unprotected: "nothing",
    script: `let original; const apply = Reflect.apply; Function.prototype.apply = function (that, list) { original = this; return apply(this, that, list); }; document.createElement("p"); const f = apply(original, document, ["iframe"]); f.srcdoc = inner; document.body.append(f)`,
  },
  {
    name: "WebRTC of a page inside, in text after the checks were replaced",
    unprotected: "packet",
    script: `RegExp.prototype.test = () => false; RegExp.prototype.exec = () => null; String.prototype.includes = () => false; document.body.innerHTML = "<ifr" + "ame></ifr" + "ame>"; document.body.firstChild.srcdoc = inner`,
  },
  {
    name: "WebRTC of a page inside, written in parts",
    unprotected: "packet",
    script: `document.write("<ifr"); document.write("ame id=f></ifr" + "ame>"); document.getElementById("f").srcdoc = inner`,
  },
  {
    name: "WebRTC of a javascript: page",
    unprotected: "packet",
    script: `location.href = "javascript:" + encodeURIComponent(JSON.stringify(inner))`,
  },
  {
    name: "WebRTC of a link with javascript:",
    unprotected: "packet",
    script: `const a = document.createElement("a"); a.href = "javascript:" + encodeURIComponent(JSON.stringify(inner)); document.body.append(a); a.click()`,
  },
  {
    name: "WebRTC of the same page, written anew",
    unprotected: "packet",
    script: `setTimeout(() => { document.open(); document.write(inner); document.close() }, 50)`,
  },
  {
    name: "WebRTC of a page before the first script",
    unprotected: "packet",
    markup: `</head><!-- <head> -->`,
    script: `rtc(window)`,
  },
  {
    name: "WebRTC of a drawing",
    unprotected: "packet",
    files: { "page.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>{script}</script></svg>` },
    script: `rtc(window)`,
  },
  {
    name: "WebRTC of an XHTML page",
    unprotected: "packet",
    files: { "page.xhtml": `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>{script}</script></body></html>` },
    script: `rtc(window)`,
  },
  {
    name: "WebRTC of a page of text",
    unprotected: "nothing",
    files: { "page.txt": `<script>{script}</script>` },
    script: `rtc(window)`,
  },
  {
    name: "WebRTC of a neighbour",
    unprotected: "packet",
    script: `setTimeout(() => { for (let n = 0; n < top.length; n += 1) try { rtc(top[n]) } catch { /* the next one */ } }, 500)`,
  },
];
