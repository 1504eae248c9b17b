import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

// Says which files and folders were on the disk before each request of a turn's life was answered. A process of its own: the
// calls that wait for the disk are replaced before the service is loaded, by slower ones that take notes.
const SLOW_MS = 15;
const done: string[] = [];
type Sync = (fd: number, callback: (error: NodeJS.ErrnoException | null) => void) => void;

fs.fsync = noting(fs.fsync) as typeof fs.fsync;
fs.fdatasync = noting(fs.fdatasync) as typeof fs.fdatasync;

const { openTestHome } = await import("./test-home.ts");
const { turnRequests, note } = await import("./turn-requests.ts");
const { requestStopRequest } = await import("@matrix-os/contracts/file/request-stop.request");
const { requestStop } = await import("../../src/on-request/request-stop.ts");

{
  await using test = await openTestHome();
  await test.deps.settled;
  const { store, openTurn, append, finish } = turnRequests(() => test);
  const steps: Record<string, () => Promise<unknown>> = {
    store: () => store("t"),
    open: () => openTurn("t"),
    append: () => append("t", { epoch: 1, after: 1, records: [note(1)] }),
    stop: () => test.ask(requestStopRequest, requestStop, { session: "s_1" }),
    finish: () =>
      finish("t", {
        epoch: 1,
        after: 2,
        outbox: [{ to: { channel: "x", account: "a", chat: "1" }, n: 1, text: "hi" }],
      }),
    write: () => test.put("notes/new/a.md", "a"),
  };
  const synced: Record<string, string[]> = {};
  for (const [name, run] of Object.entries(steps)) {
    done.length = 0;
    await run();
    synced[name] = done.map((path) => toName(path, test.home));
    await delay(5 * SLOW_MS);
  }
  process.stdout.write(JSON.stringify(synced));
}

function noting(sync: Sync): Sync {
  return (fd, callback) => {
    const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
    sync(fd, (error) => {
      setTimeout(() => {
        done.push(path);
        callback(error);
      }, SLOW_MS);
    });
  };
}

function toName(path: string, home: string): string {
  const inside = path === home ? "." : path.replace(`${home}/`, "");
  return inside.replace(/^\.matrix\/tmp\/.*/, "staged").replace(/\d{4}-\d{2}-\d{2}/, "day");
}
