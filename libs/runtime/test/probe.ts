import { defineRequest } from "@matrix-os/contracts/define";
import { z } from "zod";

/** What the probe service is asked: hold until told over IPC, log secrets, break, or just answer. */
export const probeRequest = defineRequest({
  id: "test.request.probe",
  summary: "Probe the runtime",
  request: z.object({ please: z.enum(["answer", "hold", "log-secrets", "break"]) }),
  reply: z.object({ done: z.boolean() }),
  example: { request: { please: "answer" }, reply: { done: true } },
});
