import { rejected } from "@matrix-os/contracts/errors";
import type { writeRequest } from "@matrix-os/contracts/file/write.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Creates or replaces one file. */
export async function write(
  request: z.infer<typeof writeRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof writeRequest.reply>> {
  const bytes = toBytes(request);
  deps.quiet.disturb();
  return deps.files.replace(request, () => bytes);
}

function toBytes({ content, encoding }: { content: string; encoding: "utf8" | "base64" }): Buffer {
  if (encoding === "base64" && (content.length % 4 !== 0 || !BASE64.test(content))) {
    throw rejected("invalid", "content: is not base64", { field: "content" });
  }
  return Buffer.from(content, encoding);
}
