import { createHash } from "node:crypto";
import fs from "node:fs";
import { rejected } from "@matrix-os/contracts/errors";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import type { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { type ContentIds, openAt, readContentIds } from "../disk/content.ts";
import { onDisk } from "../disk/disk-error.ts";
import { writeFully } from "../disk/sync.ts";
import { refuseReserved, replaceWithStaged } from "../home/replace-file.ts";

type Request = z.infer<typeof receiveRequest.request>;

/** How long a whole file may take. */
const DEADLINE_MS = 110_000;

/** Takes a file as a stream; it appears whole or not at all. */
export function receive(request: Request, deps: FileDeps): Promise<z.infer<typeof receiveRequest.reply>> {
  return onDisk(request.path, async () => {
    refuseReserved(request.path);
    deps.transfers.refuseIfFull();
    const name = deps.staging.name();
    try {
      const { ids, size } = await stageStream(request, deps, name);
      const setMode = (mode: number) => fs.chmodSync(deps.staging.folder.at(name), mode);
      deps.quiet.disturb();
      return await replaceWithStaged(deps, request, { staged: { name, mode: 0o644, ids, size }, setMode });
    } finally {
      deps.staging.drop(name);
    }
  });
}

async function stageStream(request: Request, deps: FileDeps, name: string): Promise<{ ids: ContentIds; size: number }> {
  const most = Math.min(request.maxBytes, deps.config.maxUploadBytes);
  const signal = AbortSignal.any([deps.transfers.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const fd = deps.staging.create(name, 0o644);
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const part of deps.bus.receiveParts({ contract: contentStream, transfer: request.transfer, signal })) {
      if (size + part.length > most) throw rejected("too-large", `the file is over ${most} bytes`, { field: "maxBytes" });
      writeFully(fd, part, size);
      hash.update(part);
      size += part.length;
    }
    await deps.staging.sync(fd);
  } finally {
    fs.closeSync(fd);
  }
  using staged = openAt(deps.staging.folder, name);
  const { blob } = await readContentIds(staged);
  return { ids: { hash: hash.digest("hex"), blob }, size };
}
