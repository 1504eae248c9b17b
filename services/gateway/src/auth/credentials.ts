/** What a request shows to prove who sends it. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "cookie"; readonly value: string };

/** A bearer token goes before a cookie; tokens in a URL are not looked for. */
export function readCredentials(
  headers: { readonly authorization?: string | undefined; readonly cookie?: string | undefined },
  cookieName: string,
): Credentials {
  if (headers.authorization !== undefined) {
    const token = /^bearer +(\S+) *$/i.exec(headers.authorization)?.[1];
    return { kind: "token", token: token ?? "" };
  }
  const value = readCookie(headers.cookie ?? "", cookieName);
  return value === undefined ? { kind: "none" } : { kind: "cookie", value };
}

function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const [key, ...rest] = pair.trim().split("=");
    if (key === name) return rest.join("=");
  }
  return undefined;
}

/** Cookies ignore ports, so the name holds the port: two systems on one machine don't log each other out. */
export function toCookieName(scheme: "http" | "https", port: number): string {
  return scheme === "https" ? `__Host-matrix-${port}` : `matrix-${port}`;
}

/** A `Set-Cookie` value that only this server gets back, and no script reads. */
export function toSetCookie(name: string, value: string, maxAgeSeconds: number): string {
  const secure = name.startsWith("__Host-") ? "; Secure" : "";
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`;
}
