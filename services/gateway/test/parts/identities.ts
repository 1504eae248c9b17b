import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FreshToken, type Scope, scopes } from "@matrix-os/contracts/api/tokens";
import type { Stage } from "./start-gateway.ts";

/** What the guard should make of someone, whatever the row. */
export type Standing =
  | { readonly is: "stranger" }
  | { readonly is: "foreign" }
  | { readonly is: "owner" }
  /** Logged in, but nothing says that one of our pages sent it. */
  | { readonly is: "unproven" }
  /** Logged in, and following a link on another site. */
  | { readonly is: "visitor" }
  | { readonly is: "token"; readonly scope: Scope };

/** Someone who knocks. */
export interface Identity {
  readonly name: string;
  readonly standing: Standing;
  readonly headers: () => Promise<Record<string, string>>;
  /** Added to the address. */
  readonly query?: () => Promise<string>;
}

/** Everybody whom the access table is tried with. */
export async function createIdentities(stage: Stage): Promise<Identity[]> {
  const oldOwner = await readOwner(stage);
  await post(stage, "/api/v1/tokens/owner/rotate");
  const made = new Map<Scope, string>();
  for (const scope of scopes) made.set(scope, (await makeToken(stage, scope)).token);
  const revoked = await makeToken(stage, "admin");
  await stage.ask(`/api/v1/tokens/${revoked.id}`, { method: "DELETE", headers: await asOwner(stage) });
  const renewed = await makeToken(stage, "admin");
  await post(stage, `/api/v1/tokens/${renewed.id}/rotate`);
  const expired = await expire(stage, await makeToken(stage, "admin"));
  const gone = await logIn(stage);
  await removeNewestDevice(stage);
  const cookie = await logIn(stage);
  const origin = new URL(stage.url).origin;
  const { url } = (await (await post(stage, "/api/v1/apps/water/open")).json()) as { url: string };
  const address = /\/a\/([^/]+)\//.exec(url)?.[1] ?? "";
  const fixed = (name: string, is: Standing["is"], headers: Record<string, string>): Identity => ({
    name,
    standing: { is } as Standing,
    headers: async () => headers,
  });
  return [
    fixed("anonymous", "stranger", {}),
    fixed("a wrong token", "stranger", { authorization: "Bearer wrong" }),
    fixed("a token of the right form that nobody made", "stranger", bearer(`mx_${"0".repeat(16)}_${"a".repeat(43)}`)),
    fixed("another scheme", "stranger", {
      authorization: `Basic ${Buffer.from(`owner:${oldOwner}`).toString("base64")}`,
    }),
    fixed("an expired token", "stranger", bearer(expired.token)),
    fixed("a revoked token", "stranger", bearer(revoked.token)),
    fixed("a renewed token's old secret", "stranger", bearer(renewed.token)),
    fixed("the owner's old token", "stranger", bearer(oldOwner)),
    fixed("a removed browser", "stranger", { cookie: gone, origin }),
    fixed("an app's address as a token", "stranger", bearer(address)),
    {
      ...fixed("the owner's token in the address", "stranger", {}),
      query: async () => `token=${await readOwner(stage)}&access_token=${await readOwner(stage)}`,
    },
    fixed("an app's frame with the owner's cookie", "foreign", { cookie, origin: "null" }),
    fixed("the owner's cookie, foreign Origin", "foreign", { cookie, origin: "https://evil.example" }),
    fixed("the owner's cookie, Origin of the apps' host", "foreign", {
      cookie,
      origin: origin.replace("127.0.0.1", "localhost"),
    }),
    fixed("the owner's cookie, foreign Host", "foreign", { cookie, origin, host: "evil.example" }),
    fixed("the owner's cookie, another port", "foreign", { cookie, origin, host: "127.0.0.1:1" }),
    fixed("the owner's cookie, embedded elsewhere", "foreign", {
      cookie,
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "no-cors",
    }),
    fixed("the owner's cookie, a link followed elsewhere", "visitor", {
      cookie,
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
    }),
    fixed("the owner's cookie, without proof", "unproven", { cookie }),
    fixed("the owner's cookie", "owner", { cookie, origin }),
    fixed("the owner's cookie, proven by Sec-Fetch-Site", "owner", { cookie, "sec-fetch-site": "same-origin" }),
    ...scopes.map((scope): Identity => ({
      name: `a token for ${scope}`,
      standing: { is: "token", scope },
      headers: async () => bearer(made.get(scope) ?? ""),
    })),
    { name: "the owner's token", standing: { is: "owner" }, headers: () => asOwner(stage) },
  ];
}

/** The owner's token as it is now. */
export function readOwner(stage: Stage): Promise<string> {
  return readFile(join(stage.state, "owner.token"), "utf8");
}

export async function asOwner(stage: Stage): Promise<{ authorization: string }> {
  return bearer(await readOwner(stage));
}

export async function makeToken(stage: Stage, ...wanted: Scope[]): Promise<FreshToken> {
  const response = await post(stage, "/api/v1/tokens", { name: `for ${wanted.join(" ")}`, scopes: wanted });
  return (await response.json()) as FreshToken;
}

async function logIn(stage: Stage): Promise<string> {
  const { url } = (await (await post(stage, "/api/v1/links")).json()) as { url: string };
  const response = await fetch(url, { redirect: "manual", headers: { "user-agent": "test browser" } });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

async function post(stage: Stage, path: string, json: unknown = {}): Promise<Response> {
  return await stage.ask(path, { method: "POST", json, headers: await asOwner(stage) });
}

async function removeNewestDevice(stage: Stage): Promise<void> {
  const response = await stage.ask("/api/v1/devices", { headers: await asOwner(stage) });
  const { devices } = (await response.json()) as { devices: { id: string }[] };
  for (const { id } of devices)
    await stage.ask(`/api/v1/devices/${id}`, { method: "DELETE", headers: await asOwner(stage) });
}

/** Turns a token's end back, as time does. */
async function expire(stage: Stage, token: FreshToken): Promise<FreshToken> {
  const path = join(stage.state, "auth", "tokens", `${token.id}.json`);
  const record = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...record, expiresAt: new Date(Date.now() - 1).toISOString() }));
  return token;
}
