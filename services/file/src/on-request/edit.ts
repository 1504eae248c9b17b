import { rejected } from "@matrix-os/contracts/errors";
import type { editRequest } from "@matrix-os/contracts/file/edit.request";
import type { z } from "zod";
import { replacePassages } from "../change/replace-passages.ts";
import type { FileDeps } from "../deps.ts";

const MAX_EDIT_BYTES = 16_777_216;

/** Replaces exact passages of a text file. */
export async function edit(
  request: z.infer<typeof editRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof editRequest.reply>> {
  deps.quiet.disturb();
  return deps.files.replace({ ...request, isPartial: true }, (current) => {
    if (current === undefined) throw rejected("not-found", `${request.path} does not exist`, { field: "path" });
    const bytes = current.bytes();
    if (bytes.length > MAX_EDIT_BYTES)
      throw rejected("too-large", `${request.path} is over ${MAX_EDIT_BYTES} bytes`, { field: "path" });
    return Buffer.from(replacePassages(toText(bytes, request.path), request.replacements));
  });
}

function toText(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw rejected("invalid", `${path} is not a UTF-8 text`, { field: "path", cause });
  }
}
