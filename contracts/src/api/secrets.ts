import { z } from "zod";
import { listSecretsRequest } from "../vault/list-secrets.request.ts";
import { secretFacts, secretValue } from "../vault/secret.ts";
import { defineRoute } from "./route.ts";

/** What is in the vault, by name; never values. Errors: `vault-locked`. */
export const listSecretsRoute = defineRoute({
  method: "GET",
  path: "/secrets",
  summary: "List secrets by name",
  reply: listSecretsRequest.reply,
});

/** Keeps a secret, or gives it a new value, which counts at once. Errors: `not-found` with `expect: "present"`, `too-large`, `vault-locked`. */
export const setSecretRoute = defineRoute({
  method: "PUT",
  path: "/secrets/:name",
  summary: "Keep a secret, or give it a new value",
  body: z.object({
    value: secretValue,
    /** `present` rotates only: a name that is not there is refused. */
    expect: z.enum(["any", "present"]).default("any"),
  }),
  reply: secretFacts,
});

/** Forgets a secret with all its values. Errors: `not-found`, `vault-locked`. */
export const removeSecretRoute = defineRoute({
  method: "DELETE",
  path: "/secrets/:name",
  summary: "Forget a secret",
  status: 204,
});

/** What is in the vault. */
export type SecretList = z.infer<typeof listSecretsRequest.reply>;
