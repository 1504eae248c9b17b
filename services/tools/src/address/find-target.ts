import { isIP } from "node:net";
import { whyNotPublic } from "./why-not-public.ts";

/** Ports of the web; others only where the owner's policy says so. */
const standardPorts: readonly number[] = [80, 443];

/** Endings of names that never belong to the public internet, and names under which clouds tell their secrets. */
const privateEndings = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "lan",
  "corp",
  "home",
  "home.arpa",
  "onion",
  "test",
  "invalid",
];

/** What may be reached beyond the standard ports of public addresses. */
export interface Reach {
  /** From the owner's policy. */
  readonly ports: readonly number[];
  /** `address:port` that may be reached though the address is not public; for tests and for hosts that the owner runs. */
  readonly allow: ReadonlySet<string>;
  /** `host:port` that the owner's environment names itself: it may be anywhere. */
  readonly trusted?: string | undefined;
}

/** Where a request goes, or the sentence that says why it does not. */
export type Target = { readonly url: URL; readonly host: string; readonly port: number } | { readonly refusal: string };

/** Reads an address as a browser does and refuses what can be refused before a name is resolved. */
export function findTarget(text: string, reach: Reach): Target {
  // Browsers drop or turn these around, which hides where an address leads.
  if (hasOddCharacters(text)) return { refusal: "the address holds spaces, control characters or backslashes" };
  const url = URL.parse(text);
  if (url === null) return { refusal: "this is no address" };
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return { refusal: `only http and https are read, not ${url.protocol.slice(0, -1).slice(0, 40)}` };
  if (url.username !== "" || url.password !== "")
    return { refusal: "an address with a user name or password is not read" };
  const place = { host: url.hostname.replace(/^\[|\]$|(?<=[^.])\.$/g, ""), port: toPort(url) };
  const why = isAllowed(place, reach) ? undefined : whyNotPlace(place, reach.ports);
  return why === undefined ? { url, ...place } : { refusal: why };
}

/** `host:port` of an address that is known to be one. */
export function toPlaceOf(address: string): string {
  const url = new URL(address);
  return toPlace(url.hostname.replace(/^\[|\]$|(?<=[^.])\.$/g, ""), toPort(url));
}

/** Why no connection may go to this address; undefined when one may. */
export function whyNotReachable(address: string, { host, port }: Place, reach: Reach): string | undefined {
  const isKnown = reach.allow.has(toPlace(address, port)) || reach.trusted === toPlace(host, port);
  return isKnown ? undefined : whyNotPublic(address);
}

/** How an address and its port are written in `MATRIX_WEB_ALLOW`. */
function toPlace(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function hasOddCharacters(text: string): boolean {
  return /[\s\\\p{Cc}]/u.test(text);
}

function toPort({ port, protocol }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

function isAllowed({ host, port }: Place, { allow, trusted }: Reach): boolean {
  const place = toPlace(host, port);
  return trusted === place || (isIP(host) !== 0 && allow.has(place));
}

function whyNotPlace({ host, port }: Place, ports: readonly number[]): string | undefined {
  if (!standardPorts.includes(port) && !ports.includes(port))
    return `port ${port} is not open; the owner may list it in system/policy/web.json`;
  const why = whyNotHost(host);
  return why === undefined ? undefined : `${host} is ${why}`;
}

function whyNotHost(host: string): string | undefined {
  if (isIP(host) !== 0) return whyNotPublic(host);
  const name = host.replace(/\.+$/, "").toLowerCase();
  if (name === "" || name.includes("..")) return "no host name";
  if (!name.includes(".")) return "a name of the local network";
  const ending = privateEndings.find((last) => name.endsWith(`.${last}`));
  return ending === undefined ? undefined : `a name of the local network (.${ending})`;
}
