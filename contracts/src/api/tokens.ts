import { z } from "zod";
import { instant } from "../values.ts";
import { defineRoute } from "./route.ts";

/**
 * What a token may do. `read`: look at conversations, files and apps. `messages`: talk. `files`: change files, the system's own
 * apart. `apps`: open apps and use their data. `admin`: all of these, the system's files, logs and numbers. None of them makes
 * or removes tokens, links and devices, and none passes as the owner: protected files stay closed, what it says is labelled.
 */
export const scopes = ["read", "messages", "files", "apps", "admin"] as const;

/** What a token may do. */
export const scope = z.enum(scopes);

const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u, "may hold letters, digits, spaces, . _ and - (1 to 80)");

const apiToken = z.object({
  id: z.string(),
  name,
  scopes: z.array(scope).min(1),
  createdAt: instant,
  /** Not set: until it is removed. */
  expiresAt: instant.optional(),
  /** To about ten minutes; not set: never. */
  lastUsedAt: instant.optional(),
});

const freshToken = apiToken.extend({
  /** Told here once; only its digest is kept. */
  token: z.string(),
});

const body = z.object({ name, scopes: z.array(scope).min(1).max(scopes.length), expiresAt: instant.optional() });

/** Makes a token. Errors: `invalid` (an end that has passed), `busy` (100 tokens). */
export const createTokenRoute = defineRoute({
  method: "POST",
  path: "/tokens",
  summary: "Make an API token",
  body,
  reply: freshToken,
  status: 201,
});

/** Tokens with a name, the oldest first; the owner's own is not among them. */
export const listTokensRoute = defineRoute({
  method: "GET",
  path: "/tokens",
  summary: "List API tokens",
  reply: z.object({ tokens: z.array(apiToken) }),
});

/** Gives a token a new secret; the old one, and what it has open, ends within a second. Errors: `not-found`. */
export const rotateTokenRoute = defineRoute({
  method: "POST",
  path: "/tokens/:token/rotate",
  summary: "Renew an API token's secret",
  reply: freshToken,
});

/** Ends a token and what it has open within a second. Errors: `not-found`. */
export const removeTokenRoute = defineRoute({
  method: "DELETE",
  path: "/tokens/:token",
  summary: "Remove an API token",
  status: 204,
});

/** Writes a new `owner.token`; the old one, what it has open and every app's address end within a second. Browsers stay logged in. */
export const rotateOwnerTokenRoute = defineRoute({
  method: "POST",
  path: "/tokens/owner/rotate",
  summary: "Renew the owner's token",
  reply: z.object({ token: z.string() }),
});

/** What a token may do. */
export type Scope = z.infer<typeof scope>;
/** A token without its secret. */
export type ApiToken = z.infer<typeof apiToken>;
/** A token that was just made. */
export type FreshToken = z.infer<typeof freshToken>;
/** What a new token is to be. */
export type NewToken = z.infer<typeof body>;
