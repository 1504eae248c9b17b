import { type AppTokens, createAppTokens } from "../apps/app-token.ts";
import type { HttpDeps } from "./http-deps.ts";

/** Reads and makes apps' addresses; the key goes with the owner's token, so renewing that ends all of them. */
export async function readAppTokens({ ownerToken }: Pick<HttpDeps, "ownerToken">): Promise<AppTokens | undefined> {
  const token = await ownerToken.read(Date.now());
  return token === undefined ? undefined : createAppTokens(token);
}
