/** Who this server is, so that a request meant for someone else, or sent by someone else's page, is noticed. */
export interface AllowedSites {
  /** Values of `Host`, with the port where it is not the scheme's own. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  /** Values of `Host` under which only apps' files are served, and no cookie counts. */
  readonly appHosts: ReadonlySet<string>;
}

/** The names that a server on this address may be called by, the apps' own name apart. Wildcard addresses add no name of their own. */
export function toAllowedSites(server: {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  readonly more: readonly string[];
  readonly appsHost: string;
}): AllowedSites {
  const appHosts = new Set(toHosts(server.appsHost, server));
  const names = ["127.0.0.1", "localhost", "[::1]", toName(server.host), ...server.more];
  const hosts = new Set(names.flatMap((name) => toHosts(name, server)).filter((host) => !appHosts.has(host)));
  return { hosts, origins: new Set([...hosts].map((host) => `${server.scheme}://${host}`)), appHosts };
}

function toHosts(name: string, server: { readonly scheme: "http" | "https"; readonly port: number }): string[] {
  return hasPort(name) ? [name] : withPort(name, server);
}

function toName(host: string): string {
  return host.includes(":") ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

function hasPort(name: string): boolean {
  return /:\d+$/.test(name) && !name.endsWith("]");
}

function withPort(name: string, server: { readonly scheme: "http" | "https"; readonly port: number }): string[] {
  const ownPort = server.scheme === "http" ? 80 : 443;
  return server.port === ownPort ? [name, `${name}:${server.port}`] : [`${name}:${server.port}`];
}

/** The headers that tell where a request wants to go and where it comes from. */
export interface SiteHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | string[] | undefined;
  readonly "sec-fetch-mode"?: string | string[] | undefined;
}

/**
 * Refuses a foreign `Host` (DNS rebinding) and a foreign `Origin`, `null` too. Another site's page that sends no
 * `Origin` (an image, a script) is noticed by `Sec-Fetch-Site`; following a link is allowed, to a page.
 */
export function findForeignHeader(
  headers: SiteHeaders,
  sites: AllowedSites,
  to: "page" | "data",
): "Host" | "Origin" | "Sec-Fetch-Site" | undefined {
  if (headers.host === undefined || !sites.hosts.has(headers.host.toLowerCase())) return "Host";
  if (headers.origin !== undefined) return sites.origins.has(headers.origin.toLowerCase()) ? undefined : "Origin";
  const from = headers["sec-fetch-site"];
  if (from !== "cross-site" && from !== "same-site") return undefined;
  return to === "page" && headers["sec-fetch-mode"] === "navigate" ? undefined : "Sec-Fetch-Site";
}

/** Whether a browser says that one of our own pages sent this. `Origin` was compared before; programs without a browser send neither. */
export function hasSameSiteProof(headers: SiteHeaders): boolean {
  return headers.origin !== undefined || headers["sec-fetch-site"] === "same-origin";
}
