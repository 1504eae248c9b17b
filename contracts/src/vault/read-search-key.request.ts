import { z } from "zod";
import { defineRequest } from "../define.ts";

/** The key of the search engine, if the vault has one. Only the service that searches may say this. Errors: `vault-locked`. */
export const readSearchKeyRequest = defineRequest({
  id: "vault.request.read-search-key",
  summary: "Read the search engine's key",
  timeoutMs: 1_000,
  request: z.object({}),
  reply: z.object({ value: z.string().optional() }),
  example: { request: {}, reply: {} },
});
