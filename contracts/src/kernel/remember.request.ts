import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { homePath, origin } from "../values.ts";

const request = z.object({ fact: z.string().min(1).max(2_000), origin });
const reply = z.object({ path: homePath });

/** Adds a fact about the owner to `system/memory/`, where later turns find it. The same fact again changes nothing. */
export const rememberRequest = defineRequest({
  id: "kernel.request.remember",
  summary: "Remember a fact for later turns",
  timeoutMs: 15_000,
  request,
  reply,
  example: {
    request: { fact: "The owner drinks oat milk.", origin: { actor: "kernel" } },
    reply: { path: "system/memory/facts.md" },
  },
  tool: defineTool({
    name: "remember",
    description:
      "Keep a fact about the owner or their wishes for later conversations. One fact per call, one sentence.",
    class: "idempotent",
    input: z.object({ fact: z.string().min(1).max(2_000) }),
    toRequest: ({ fact }, from) => ({ fact, origin: from }),
    toText: (done: z.infer<typeof reply>) => `remembered in ${done.path}`,
    toAction: ({ fact }) => ({ do: "write", paths: ["system/memory/facts.md"], text: fact }),
    toLabel: ({ fact }) => fact.slice(0, 60),
  }),
});
