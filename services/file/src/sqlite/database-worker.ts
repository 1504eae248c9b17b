import { parentPort, workerData } from "node:worker_threads";
import { toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { AppDatabase, type Statement, type StorageOperation } from "./app-database.ts";

/** What a worker thread is asked. */
export type DatabaseJob =
  | { readonly do: "migrate"; readonly migrations: readonly string[] }
  | { readonly do: "query"; readonly statement: Statement }
  | { readonly do: "storage"; readonly operation: StorageOperation };

// A thread of its own: an endless statement can be ended only together with its thread.
const database = new AppDatabase((workerData as { path: string }).path);

parentPort?.on("message", ({ id, job }: { id: number; job: DatabaseJob }) => {
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    parentPort?.postMessage({ id, value: run(job) });
  } catch (thrown) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    parentPort?.postMessage({ id, error: toErrorBody(toOsError(thrown)) });
  }
});

function run(job: DatabaseJob): unknown {
  switch (job.do) {
    case "migrate":
      return database.migrate(job.migrations);
    case "query":
      return database.query(job.statement);
    case "storage":
      return database.storage(job.operation);
    default:
      return job satisfies never;
  }
}
