import { z } from "zod";
import { defineRequest } from "../define.ts";
import { secretName } from "./secret.ts";

/** Forgets a secret with all its values. Errors: `not-found`, `vault-locked`. */
export const removeSecretRequest = defineRequest({
  id: "vault.request.remove-secret",
  summary: "Forget a secret",
  request: z.object({ name: secretName }),
  reply: z.object({ name: secretName }),
  example: { request: { name: "WEATHER_TOKEN" }, reply: { name: "WEATHER_TOKEN" } },
});
