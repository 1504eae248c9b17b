import fs from "node:fs";
import { unavailable } from "@matrix-os/contracts/errors";
import { type ContentIds, type OpenFile, createContentIds, readContentIds } from "../content.ts";
import { writeFully } from "../sync.ts";
import type { VaultScan } from "../../withheld/vault-scan.ts";

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
/** From here on sharing the blocks of the disk is worth a try; never a hard link, through which a command would reach the home. */
const CLONE_FROM_BYTES = 1_048_576;

/** A copy that was just made: open for more, to be closed by the caller. */
export interface MadeCopy {
  readonly fd: number;
  readonly ids: ContentIds;
}

/** Makes a new file with the bytes of an opened one, as long as that was when it was opened. Nothing that stands there is written through. */
export async function copyContent(source: OpenFile, place: string, scan: VaultScan): Promise<MadeCopy> {
  const cloned = source.stats.size >= CLONE_FROM_BYTES && (await clone(source, place));
  const fd = fs.openSync(place, cloned ? O_RDWR | O_NOFOLLOW : O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    if (!cloned) return { fd, ids: await copyParts(source, fd, scan) };
    const { nlink, size } = fs.fstatSync(fd);
    if (nlink !== 1) throw unavailable("disk-failed", "a copy was replaced while it was made");
    if (size > source.stats.size) fs.ftruncateSync(fd, source.stats.size);
    return { fd, ids: await idsOf(fd, scan) };
  } catch (thrown) {
    fs.closeSync(fd);
    throw thrown;
  }
}

/** Whether the disk made a copy that shares its blocks. */
async function clone(source: OpenFile, place: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = fs.constants;
    await fs.promises.copyFile(`/proc/self/fd/${source.fd}`, place, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  }
}

async function copyParts(source: OpenFile, fd: number, scan: VaultScan): Promise<ContentIds> {
  const { size } = source.stats;
  const ids = createContentIds(size, scan);
  let written = 0;
  const parts = size <= PART_BYTES ? [source.read(0, size)] : source.parts(0, size);
  for await (const part of parts) {
    writeFully(fd, part, written);
    written += part.length;
    ids.add(part);
  }
  return written === size ? ids.end() : idsOf(fd, scan);
}

const PART_BYTES = 131_072;

/** For what a whole pass could not tell: the file got shorter meanwhile, or was cloned. */
async function idsOf(fd: number, scan: VaultScan): Promise<ContentIds> {
  return readContentIds({ fd, stats: fs.fstatSync(fd) }, scan);
}
