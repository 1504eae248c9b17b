import { z } from "zod";
import { defineEvent } from "../define.ts";
import { secretName } from "./secret.ts";

/** A secret was set, rotated or removed; key: its name. Listeners ask for what concerns them. */
export const secretsChangedEvent = defineEvent({
  id: "vault.event.secrets-changed",
  summary: "The vault's secrets changed",
  body: z.object({ name: secretName, how: z.enum(["set", "removed"]) }),
  example: { name: "WEATHER_TOKEN", how: "set" },
});
