import Anthropic from "@anthropic-ai/sdk";
import type { ModelAccess } from "../config.ts";

/** The client of one server. It does not retry by itself (the turn's journal does), and reads no profile from the disk. */
export function createAnthropicClient(access: ModelAccess, fetchWith: typeof fetch = fetch): Anthropic {
  return new Anthropic({
    apiKey: access.apiKey,
    authToken: null,
    ...(access.baseUrl === undefined ? {} : { baseURL: access.baseUrl }),
    maxRetries: 0,
    fetch: fetchWith,
    // It would print what a broken server says.
    logLevel: "off",
    // Servers of the older generation read only this header; the client itself sends a bearer token.
    defaultHeaders: { "x-api-key": access.apiKey },
  });
}
