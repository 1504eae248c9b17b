import { z } from "zod";
import { defineRequest } from "../define.ts";
import { contentHash, examples, homePath, instant, token } from "../values.ts";

const request = z.object({
  path: homePath,
  /** The receiver listens on `file.stream.content.<transfer>` before it asks. Without it only the description is answered. */
  transfer: token.optional(),
  offset: z.number().int().nonnegative().default(0),
  lengthBytes: z.number().int().nonnegative().optional(),
});

const reply = z.object({
  hash: contentHash,
  sizeBytes: z.number().int().nonnegative(),
  modifiedAt: instant,
  /** How many bytes will flow. */
  sentBytes: z.number().int().nonnegative(),
});

/** Describes a file and, with `transfer`, streams it. A change under way keeps the bytes that were opened. Errors: `not-found`, `is-folder`. */
export const sendRequest = defineRequest({
  id: "file.request.send",
  summary: "Describe a file and stream its bytes",
  request,
  reply,
  example: {
    request: { path: "photos/cat.jpg", transfer: "t_1", offset: 0 },
    reply: { hash: examples.hash, sizeBytes: 1_000_000, modifiedAt: examples.at, sentBytes: 1_000_000 },
  },
});
