import { z } from "zod";
import { defineEvent } from "../define.ts";

/** Another model or server answers from now on, such as after a key was set; key: the provider. */
export const modelChangedEvent = defineEvent({
  id: "kernel.event.model-changed",
  summary: "Another model answers from now on",
  body: z.object({ model: z.string(), provider: z.enum(["anthropic", "custom", "rehearsal"]) }),
  example: { model: "rehearsal-1", provider: "rehearsal" },
});
