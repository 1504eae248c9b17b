import type { JobEnd } from "./run-job.ts";
import type { Job, Launch } from "./sandbox.ts";
import { type FolderSize, measureFolder, measureMemory, measureRoom } from "./usage.ts";

const EVERY_MS = 200;
/** The work folder is counted when the disk has lost this part of what the command may write. */
const SUSPICIOUS_PART = 0.25;

/** Watches what no limit of the kernel holds, until the signal: memory without a control group, and the work folder's size. */
export async function guardUsage(
  job: Job,
  running: { readonly pid: number; readonly launch: Launch; readonly signal: AbortSignal },
  kill: (why: JobEnd["state"]) => void,
): Promise<void> {
  const { limits, workFolder } = job;
  const begun = await measureFolder(workFolder, { bytes: Infinity, files: Infinity });
  const allowed = { bytes: begun.bytes + limits.workBytes, files: begun.files + limits.workFiles };
  let last = await measureRoom(workFolder);
  while (!running.signal.aborted) {
    if (!running.launch.countsMemory && measureMemory(running.pid) > limits.memoryBytes) return kill("over-memory");
    const room = await measureRoom(workFolder);
    if (hasLost(last, room, allowed)) {
      const size = await measureFolder(workFolder, allowed);
      if (size.bytes > allowed.bytes || size.files > allowed.files) return kill("over-disk");
      last = room;
    }
    await pause(running.signal);
  }
}

function hasLost(before: FolderSize, now: FolderSize, allowed: FolderSize): boolean {
  return (
    before.bytes - now.bytes > allowed.bytes * SUSPICIOUS_PART ||
    before.files - now.files > allowed.files * SUSPICIOUS_PART
  );
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, EVERY_MS);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
