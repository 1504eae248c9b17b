import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { taints } from "../policy/taint.ts";
import { contentHash, encoding, examples, homePath, instant } from "../values.ts";

/** Bytes that one reply may carry; longer files are read in parts or over `file.stream.content`. */
export const MAX_READ_BYTES = 150_000;

const request = z.object({
  path: homePath,
  encoding: encoding.default("utf8"),
  offset: z.number().int().nonnegative().default(0),
  length: z.number().int().positive().max(MAX_READ_BYTES).default(MAX_READ_BYTES),
});

const reply = z.object({
  path: homePath,
  content: z.string(),
  encoding,
  /** Of the whole file, not of the part. */
  hash: contentHash,
  sizeBytes: z.number().int().nonnegative(),
  modifiedAt: instant,
  truncated: z.boolean(),
  /** Whose words it may hold; not set: nobody's but the owner's. */
  taint: taints.optional(),
});

/** One file, or a part of it. Errors: `not-found`, `is-folder`. */
export const readRequest = defineRequest({
  id: "file.request.read",
  summary: "Read a file or a part of it",
  request,
  reply,
  example: {
    request: { path: "apps/water/app.json", encoding: "utf8", offset: 0, length: MAX_READ_BYTES },
    reply: {
      path: "apps/water/app.json",
      content: "{}",
      encoding: "utf8",
      hash: examples.hash,
      sizeBytes: 2,
      modifiedAt: examples.at,
      truncated: false,
    },
  },
  tool: defineTool({
    name: "read_file",
    description: "Read a text file in the owner's home. Long files come in parts: pass `offset` (bytes) to go on.",
    class: "pure",
    input: z.object({ path: homePath, offset: z.number().int().nonnegative().optional() }),
    toRequest: ({ path, offset }) => ({ path, encoding: "utf8" as const, offset: offset ?? 0, length: MAX_READ_BYTES }),
    toText: (file: z.infer<typeof reply>) =>
      file.truncated ? `${file.content}\n[part of ${file.sizeBytes} bytes; read on with offset]` : file.content,
    toAction: () => ({ do: "read" }),
    toTaint: (file: z.infer<typeof reply>) => file.taint ?? [],
    toLabel: ({ path }) => path,
  }),
});
