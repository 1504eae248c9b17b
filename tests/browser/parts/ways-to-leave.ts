import type { WayOut } from "./ways-out.ts";

/** Ways that go elsewhere; each needs a page of its own. */
export const leavingWays: readonly WayOut[] = [
  {
    name: "policy report",
    unprotected: "nothing",
    script: `const m = document.createElement("meta"); m.httpEquiv = "content-security-policy"; m.content = "img-src 'none'; report-uri " + url; document.head.append(m); new Image().src = "http://127.0.0.1:1/"`,
  },
  { name: "its own address", unprotected: "request", script: `location.href = url` },
  {
    name: "its own address, through the navigation interface",
    unprotected: "request",
    script: `navigation.navigate(url)`,
  },
  {
    name: "a link that clicks itself",
    unprotected: "request",
    script: `const a = document.createElement("a"); a.href = url; document.body.append(a); a.click()`,
  },
  {
    name: "a download",
    unprotected: "request",
    script: `const a = document.createElement("a"); a.href = url; a.download = "x"; document.body.append(a); a.click()`,
  },
  { name: "the top window's address", unprotected: "request", takesTab: true, script: `top.location = url` },
  {
    name: "a link into the top window",
    unprotected: "request",
    takesTab: true,
    script: `const a = document.createElement("a"); a.href = url; a.target = "_top"; document.body.append(a); a.click()`,
  },
  { name: "a new window", unprotected: "nothing", script: `window.open(url)` },
  {
    name: "a link into a new window",
    unprotected: "nothing",
    script: `const a = document.createElement("a"); a.href = url; a.target = "_blank"; document.body.append(a); a.click()`,
  },
  {
    name: "ping",
    unprotected: "request",
    script: `const a = document.createElement("a"); a.href = "#x"; a.ping = url; document.body.append(a); a.click()`,
  },
  {
    name: "a form",
    unprotected: "request",
    markup: `<form action="{url}" method="post"><input name="s" value="x"></form>`,
    script: `document.forms[0].submit()`,
  },
  {
    name: "a form into the top window",
    unprotected: "request",
    takesTab: true,
    markup: `<form action="{url}" target="_top"><input name="s" value="x"></form>`,
    script: `document.forms[0].submit()`,
  },
  {
    name: "a form's button",
    unprotected: "request",
    markup: `<form><button formaction="{url}" formmethod="post">x</button></form>`,
    script: `document.querySelector("button").click()`,
  },
  { name: "refresh", unprotected: "request", markup: `<meta http-equiv="refresh" content="0;url={url}">` },
  {
    name: "refresh, hidden from a careless reader",
    unprotected: "request",
    markup: `<meta name=">" http-equiv=refresh content="0;url={url}">`,
  },
  {
    name: "refresh from a script",
    unprotected: "request",
    script: `const m = document.createElement("meta"); m.httpEquiv = "refresh"; m.content = "0;url=" + url; document.head.append(m)`,
  },
  { name: "base and a relative image", unprotected: "request", markup: `<base href="{url}"><img src="/x.png">` },
  {
    name: "a data: page",
    unprotected: "request",
    script: `location.href = "data:text/html,<img src='" + encodeURIComponent(url) + "'>"`,
  },
  {
    name: "a blob: page",
    unprotected: "request",
    script: `location.href = URL.createObjectURL(new Blob(["<img src='" + url + "'>"], { type: "text/html" }))`,
  },
];

/**
 * What is left: Chromium opens a connection to where a page wants to go before it asks the policy that forbids it. Nothing is
 * said on it, but the name of the host was looked up. Nothing that a page or a server says holds this back.
 */
export const hostNameOnly: ReadonlySet<string> = new Set([
  "its own address",
  "its own address, through the navigation interface",
  "a link that clicks itself",
  "a download",
  "a form",
  "a form's button",
  "refresh from a script",
]);
