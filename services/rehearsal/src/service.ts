import { defineService } from "@matrix-os/runtime/service";
import { readRehearsalConfig } from "./config.ts";
import { createRehearsalServer } from "./server.ts";

/** The rehearsal model's map: it hears and says nothing on the bus; the kernel reaches it over HTTP like any other model. */
export const rehearsalService = defineService({
  name: "rehearsal",
  description: "A deterministic stand-in for a model, for a first run without a key",
  readConfig: readRehearsalConfig,
  createDeps: createRehearsalServer,
  hears: [],
  says: [],
});
