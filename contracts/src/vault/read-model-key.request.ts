import { z } from "zod";
import { defineRequest } from "../define.ts";

/** The key of the model's server, if the vault has one. Only the kernel may say this. Errors: `vault-locked`. */
export const readModelKeyRequest = defineRequest({
  id: "vault.request.read-model-key",
  summary: "Read the model's key",
  timeoutMs: 1_000,
  request: z.object({}),
  reply: z.object({ value: z.string().optional() }),
  example: { request: {}, reply: {} },
});
