import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples } from "../values.ts";
import { secretFacts } from "./secret.ts";

/** What is in the vault, by name; never values. Errors: `vault-locked`. */
export const listSecretsRequest = defineRequest({
  id: "vault.request.list-secrets",
  summary: "List secrets by name",
  request: z.object({}),
  reply: z.object({
    secrets: z.array(secretFacts),
    /** Where the key that opens the vault is kept. */
    keyIn: z.enum(["keyring", "file"]),
  }),
  example: {
    request: {},
    reply: {
      secrets: [{ name: "WEATHER_TOKEN", setAt: examples.at, version: 2, earlier: 1, readers: [] }],
      keyIn: "file",
    },
  },
});
