import { connectBus } from "../src/bus.ts";
import { startWorker } from "./messages.ts";

// A worker in a process of its own, for tests that kill it: takes one message, says so, and never finishes it.
const bus = await connectBus("victim", { url: process.argv[2] ?? "" });
startWorker(bus, async (text) => {
  process.send?.(text);
  return new Promise<never>(() => undefined);
});
process.once("disconnect", () => process.exit());
