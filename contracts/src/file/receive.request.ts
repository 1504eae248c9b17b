import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, homePath, origin, precondition, token } from "../values.ts";
import { changeReply } from "./write.request.ts";

const request = z.object({
  path: homePath,
  /** The service reads `file.stream.content.<transfer>`, gives credit to the sender, and answers when the file is in place. */
  transfer: token,
  maxBytes: z.number().int().positive(),
  ifMatch: precondition.optional(),
  origin,
});

/** Takes a file of any size as a stream; it appears whole or not at all. Errors: as `file.request.write`, `too-large`, `timed-out`. */
export const receiveRequest = defineRequest({
  id: "file.request.receive",
  summary: "Create or replace a file from a stream",
  timeoutMs: 120_000,
  request,
  reply: changeReply,
  example: {
    request: { path: "photos/cat.jpg", transfer: "t_1", maxBytes: 100_000_000, origin: { actor: "owner" } },
    reply: { path: "photos/cat.jpg", hash: examples.hash, sizeBytes: 1_000_000, created: true, change: "c_5", seq: 6 },
  },
});
