import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { taints } from "../policy/taint.ts";
import { homeFolder, homePath } from "../values.ts";

const match = z.object({ path: homePath, line: z.number().int().positive(), text: z.string() });

const request = z.object({
  query: z.string().min(1).max(500),
  path: homeFolder.default(""),
  limit: z.number().int().min(1).max(200).default(100),
});

const reply = z.object({ matches: z.array(match), truncated: z.boolean(), taint: taints.optional() });

/** Lines of text files, and paths, that contain the query; upper and lower case are the same. */
export const searchRequest = defineRequest({
  id: "file.request.search",
  summary: "Search text in files",
  timeoutMs: 15_000,
  request,
  reply,
  example: {
    request: { query: "milk", path: "", limit: 100 },
    reply: { matches: [{ path: "notes/milk.md", line: 1, text: "milk" }], truncated: false },
  },
  tool: defineTool({
    name: "search_files",
    description: "Find text in the owner's files (and in file names). Answers lines as `path:line: text`.",
    class: "pure",
    input: z.object({ query: z.string().min(1).max(500), path: homeFolder.optional() }),
    toRequest: ({ query, path }) => ({ query, path: path ?? "", limit: 100 }),
    toText: (found: z.infer<typeof reply>) =>
      found.matches.map((hit) => `${hit.path}:${hit.line}: ${hit.text}`).join("\n") || "no match",
    toAction: () => ({ do: "read" }),
    toTaint: (found: z.infer<typeof reply>) => found.taint ?? [],
    toLabel: ({ query }) => query,
  }),
});
