import { z } from "zod";
import { defineRequest } from "../define.ts";
import { fingerprintSet } from "./secret.ts";

/** What recognises the vault's values in texts without telling them. Errors: `vault-locked`. */
export const readFingerprintsRequest = defineRequest({
  id: "vault.request.read-fingerprints",
  summary: "Read what recognises secrets",
  timeoutMs: 1_000,
  request: z.object({}),
  reply: fingerprintSet,
  example: {
    request: {},
    reply: {
      key: "ZXhhbXBsZSBrZXk",
      fingerprints: [{ name: "WEATHER_TOKEN", start: 3_405_691_582, bytes: 24, digest: "q83vEjRWeJCrze8SNFZ4kA" }],
    },
  },
});
