import { Worker } from "node:worker_threads";
import { rejected } from "@matrix-os/contracts/errors";
import type { PageText } from "../web/page-text.ts";
import { webLimits } from "../web/web-limits.ts";

/** Makes a page readable in a thread of its own. Errors: `unreadable` for a page that takes too long or too much memory. */
export async function readPage(html: string, address: string): Promise<PageText> {
  const worker = new Worker(new URL("readable-worker.ts", import.meta.url), {
    workerData: { html, address },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: webLimits.readableMiB, stackSizeMb: 4 },
  });
  const timer = setTimeout(() => void worker.terminate(), webLimits.readableMs);
  try {
    return await new Promise<PageText>((resolve, reject) => {
      worker.once("message", (page: PageText) => resolve(page));
      worker.once("error", (error) => reject(unreadable(error)));
      worker.once("exit", () => reject(unreadable()));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function unreadable(cause?: unknown): Error {
  return rejected("unreadable", "the page is built so that it can't be turned into text", { field: "url", cause });
}
