import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { toReadable } from "../web/to-readable.ts";

// A thread of its own: a page can be made so that reading it takes minutes or all memory, and then the thread is ended.
const { html, address } = z.object({ html: z.string(), address: z.string() }).parse(workerData);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
parentPort?.postMessage(toReadable(html, address));
