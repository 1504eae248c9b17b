import path from "node:path";
import type { FileConfig } from "../config.ts";
import type { HomeWriter } from "../disk/home/home-writer.ts";
import type { HistoryRepository } from "../git/history-repository.ts";
import { QuietTime } from "../home/quiet-time.ts";
import { Transfers } from "../home/transfers.ts";
import type { VaultWatch } from "../nats/vault-watch.ts";
import { HomeWatcher } from "./home-watcher.ts";

/** Tells the owner that something is wrong. */
export type Problem = (summary: string, cause?: unknown) => void;

/** What there is to watch for. */
export interface Running {
  readonly repository: HistoryRepository;
  readonly writer: HomeWriter;
  readonly problem: Problem;
  readonly vault: VaultWatch;
}

/** What runs beside the requests. */
export interface QuietDuties {
  readonly quiet: QuietTime;
  readonly transfers: Transfers;
  /** Sessions whose transcripts wait for a quiet time to be in the snapshot. */
  readonly unsnapshotted: Set<string>;
  /** Resolves once the home has been compared with its history. */
  readonly settled: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts the watcher, the first comparison with the history, and the duties of quiet times. */
export function startQuietDuties(config: FileConfig, { repository, writer, problem, vault }: Running): QuietDuties {
  const unsnapshotted = new Set<string>();
  const quiet = new QuietTime(
    config.quietMs,
    async () => {
      // An announcement of the vault may have been missed.
      await vault.refresh(0);
      await doDuties({ repository, writer, unsnapshotted });
    },
    problem,
  );
  const recordOutside = (paths: readonly string[]) => {
    quiet.disturb();
    writer.recordOutside(paths).catch((cause: unknown) => problem("outside edits could not be recorded", cause));
  };
  const watcher = new HomeWatcher({
    home: config.home,
    memory: path.join(config.home, ".matrix/watched"),
    changed: recordOutside,
    problem,
  });
  const settled = writer.queue.runAnyway(async () => {
    await watcher.start();
    if (repository.tip !== undefined) await writer.recordInterruptedNow();
    if (repository.tip === undefined) await writer.firstSnapshot();
    else await writer.recordOutsideNow(await watcher.sinceLastRun());
  });
  const kept = settled.then(() => watcher.keep());
  kept.catch((cause: unknown) => problem("the home could not be compared with its history", cause));
  const transfers = new Transfers(problem);
  const stop = async () => {
    await kept.catch(() => undefined);
    quiet[Symbol.dispose]();
    await transfers[Symbol.asyncDispose]();
    await watcher[Symbol.asyncDispose]();
    await doDuties({ repository, writer, unsnapshotted }).catch((cause: unknown) =>
      problem("a duty of quiet times failed", cause),
    );
    await watcher.keep();
  };
  return { quiet, transfers, unsnapshotted, settled, stop };
}

async function doDuties({
  repository,
  writer,
  unsnapshotted,
}: {
  repository: HistoryRepository;
  writer: HomeWriter;
  unsnapshotted: Set<string>;
}): Promise<void> {
  const sessions = [...unsnapshotted];
  unsnapshotted.clear();
  if (sessions.length > 0) {
    const paths = sessions.flatMap((id) => [
      `system/sessions/${id}/transcript.jsonl`,
      `system/sessions/${id}/session.json`,
    ]);
    await writer.snapshotQuietly("Transcripts", paths);
  }
  if (repository.needsPacking) await writer.queue.runAnyway(() => repository.pack());
}
