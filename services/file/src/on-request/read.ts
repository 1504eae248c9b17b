import { rejected } from "@matrix-os/contracts/errors";
import type { Taint } from "@matrix-os/contracts/policy/taint";
import type { readRequest } from "@matrix-os/contracts/file/read.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { isOwn } from "../home-path/home-rules.ts";

/** Answers a file or a part of it. */
export function read(
  request: z.infer<typeof readRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof readRequest.reply>> {
  return deps.onDisk(request.path, async () => {
    refuseOwn(request.path);
    using file = deps.reader.open(request.path);
    const { hash } = await deps.reader.idsOf(request.path, file);
    const length = Math.max(0, Math.min(request.length, file.stats.size - request.offset));
    const part = file.read(request.offset, length);
    const isPart = request.offset + part.length < file.stats.size;
    const kept = request.encoding === "utf8" && isPart ? part.subarray(0, toCharacterEnd(part)) : part;
    return {
      path: request.path,
      content: kept.toString(request.encoding),
      encoding: request.encoding,
      hash,
      sizeBytes: file.stats.size,
      modifiedAt: file.stats.mtime.toISOString(),
      truncated: request.offset > 0 || isPart,
      ...toTaint(deps.labels.union([request.path])),
    };
  });
}

/** Labels as a part of a reply; none are left out. */
export function toTaint(taint: Taint[]): { taint?: Taint[] } {
  return taint.length === 0 ? {} : { taint };
}

/** Errors: `denied` for the service's own folder. */
export function refuseOwn(path: string): void {
  if (isOwn(path)) throw rejected("denied", "this folder belongs to the system", { field: "path" });
}

/** Where the last whole UTF-8 character ends; the whole part when the bytes are no UTF-8. */
function toCharacterEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < length && bytes.length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
