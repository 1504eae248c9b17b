import { z } from "zod";
import { defineRequest } from "../define.ts";
import { secretName } from "./secret.ts";

/**
 * The environment of a command: these secrets, if the owner has granted each of them to commands. Only the service that runs
 * commands may say this. Errors: `not-found`, `denied`, naming the secret; `vault-locked`.
 */
export const readCommandSecretsRequest = defineRequest({
  id: "vault.request.read-command-secrets",
  summary: "Read secrets for the environment of a command",
  request: z.object({ names: z.array(secretName).max(32) }),
  reply: z.object({ env: z.record(secretName, z.string()) }),
  example: { request: { names: ["WEATHER_TOKEN"] }, reply: { env: { WEATHER_TOKEN: "an example, not a secret" } } },
});
