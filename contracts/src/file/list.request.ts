import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { taints } from "../policy/taint.ts";
import { examples, homeFolder, homePath, instant } from "../values.ts";

const entry = z.object({
  path: homePath,
  type: z.enum(["file", "folder", "link"]),
  sizeBytes: z.number().int().nonnegative(),
  modifiedAt: instant,
});

const request = z.object({
  path: homeFolder.default(""),
  depth: z.number().int().min(1).max(10).default(1),
  limit: z.number().int().min(1).max(1_000).default(1_000),
});

const reply = z.object({ entries: z.array(entry), truncated: z.boolean(), taint: taints.optional() });

/** What a folder holds, sorted by path; bookkeeping folders are left out. Errors: `not-found`, `not-a-folder`. */
export const listRequest = defineRequest({
  id: "file.request.list",
  summary: "List a folder",
  request,
  reply,
  example: {
    request: { path: "notes", depth: 1, limit: 1_000 },
    reply: {
      entries: [{ path: "notes/milk.md", type: "file", sizeBytes: 5, modifiedAt: examples.at }],
      truncated: false,
    },
  },
  tool: defineTool({
    name: "list_files",
    description: "List a folder of the owner's home (empty path: the home itself). Folders end with `/`.",
    class: "pure",
    input: z.object({ path: homeFolder.optional(), depth: z.number().int().min(1).max(10).optional() }),
    toRequest: ({ path, depth }) => ({ path: path ?? "", depth: depth ?? 1, limit: 1_000 }),
    toText: (list: z.infer<typeof reply>) =>
      [
        ...list.entries.map((item) => (item.type === "folder" ? `${item.path}/` : item.path)),
        ...(list.truncated ? ["[more entries left out]"] : []),
      ].join("\n") || "(empty)",
    toAction: () => ({ do: "read" }),
    toTaint: (list: z.infer<typeof reply>) => list.taint ?? [],
    toLabel: ({ path }) => path || "~",
  }),
});
