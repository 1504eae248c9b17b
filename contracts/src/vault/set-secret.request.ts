import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples } from "../values.ts";
import { secretFacts, secretName, secretValue } from "./secret.ts";

/**
 * Keeps a value under a name; the value before it is no longer given to anybody, but still recognised in texts.
 * Errors: `not-found` with `expect: "present"` when there is none, `too-large` when the vault is full, `vault-locked`.
 */
export const setSecretRequest = defineRequest({
  id: "vault.request.set-secret",
  summary: "Keep a secret, or give it a new value",
  request: z.object({
    name: secretName,
    value: secretValue,
    /** `present` rotates only. */
    expect: z.enum(["any", "present"]).default("any"),
  }),
  reply: secretFacts,
  example: {
    request: { name: "WEATHER_TOKEN", value: "an example, not a secret", expect: "any" },
    reply: { name: "WEATHER_TOKEN", setAt: examples.at, version: 1, earlier: 0, readers: [] },
  },
});
