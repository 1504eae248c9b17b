import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

import { inspectServer, type Way } from "./way.ts";

/** The machine's own nats-server, when it is new enough. */
export const fromPath: Way = {
  name: "path",
  find: async () => {
    const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => isForeign(folder));
    for (const folder of folders) {
      const path = join(folder, "nats-server");
      if (await isExecutable(path)) return await inspectServer(path);
    }
    throw new Error("no nats-server on PATH");
  },
};

// .tools/bin is where the result is linked: finding it there again would make a link to itself.
function isForeign(folder: string): boolean {
  return isAbsolute(folder) && !folder.replace(/\/$/, "").endsWith("/.tools/bin");
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
