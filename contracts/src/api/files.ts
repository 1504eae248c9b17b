import { z } from "zod";
import { listRequest } from "../file/list.request.ts";
import { changeReply } from "../file/write.request.ts";
import { homePath } from "../values.ts";
import { defineRoute } from "./route.ts";

/** Bytes that one `PUT` may carry. */
export const MAX_PUT_BYTES = 104_857_600;

/** The bytes of a file (`Range`, `If-None-Match`; its ETag is its content hash), or what a folder holds as `{entries, truncated}`. */
export const readFileRoute = defineRoute({
  method: "GET",
  path: "/files/*",
  summary: "Read a file, or list a folder",
  query: z.object({
    /** `1`: answer the list of a folder; a file is refused then. */
    list: z.enum(["0", "1"]).optional(),
    depth: z.coerce.number().int().min(1).max(10).default(1),
  }),
});

/** What a folder answers. */
export const fileList = listRequest.reply;

/** Creates (201) or replaces (200) a file from a raw body of any type. `If-Match: "<hash>"` and `If-None-Match: *` are kept to (412). */
export const writeFileRoute = defineRoute({
  method: "PUT",
  path: "/files/*",
  summary: "Create or replace a file",
  reply: changeReply,
});

/** Deletes a file or folder; undo brings it back. `If-Match` as above. */
export const deleteFileRoute = defineRoute({
  method: "DELETE",
  path: "/files/*",
  summary: "Delete a file or folder",
  reply: changeReply,
});

const moveBody = z.object({ from: homePath, to: homePath });

/** Moves or renames; the target must not exist. */
export const moveFileRoute = defineRoute({
  method: "POST",
  path: "/files/move",
  summary: "Move or rename a file or folder",
  body: moveBody,
  reply: changeReply,
});

/** What a change of a file answers. */
export type FileChange = z.infer<typeof changeReply>;
/** What a folder holds. */
export type FileList = z.infer<typeof fileList>;
