import path from "node:path";
import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import { toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { type ChangeLine, toChange } from "./change/change-line.ts";
import { toSummary } from "./change/history-entries.ts";
import type { FileConfig } from "./config.ts";
import { ActivityLog } from "./disk/activity-log.ts";
import { AppPlaces } from "./disk/app-places.ts";
import { ChangeLog } from "./disk/change-log.ts";
import { ContentMemory } from "./disk/content.ts";
import { onDisk } from "./disk/disk-error.ts";
import { lockHome } from "./disk/home-lock.ts";
import { type OpenHome, furnishHome, openHome, sweepStaging } from "./disk/home-skeleton.ts";
import { Inbox } from "./disk/inbox.ts";
import { Journals } from "./disk/journals.ts";
import { Leads } from "./disk/leads.ts";
import { Sessions } from "./disk/sessions.ts";
import type { Staging } from "./disk/staging.ts";
import { UsageLog } from "./disk/usage-log.ts";
import { Transcripts } from "./disk/transcripts.ts";
import { HistoryRepository } from "./git/history-repository.ts";
import { ChangeEvents } from "./home/change-events.ts";
import { HomeFiles } from "./disk/home/home-files.ts";
import { HomeReader } from "./disk/home/home-reader.ts";
import { Outbox } from "./disk/outbox.ts";
import { HomeWriter } from "./disk/home/home-writer.ts";
import { PendingChange } from "./disk/home/pending-change.ts";
import { QuietTime } from "./home/quiet-time.ts";
import { Recorder } from "./disk/home/recorder.ts";
import { Transfers } from "./home/transfers.ts";
import { DatabaseThreads } from "./sqlite/database-threads.ts";
import { Workspaces } from "./disk/work/workspaces.ts";
import { VaultScan } from "./withheld/vault-scan.ts";
import { type VaultWatch, createVaultWatch } from "./nats/vault-watch.ts";
import { keepFingerprints, readKeptFingerprints } from "./disk/kept-fingerprints.ts";
import { HomeWatcher } from "./watch/home-watcher.ts";

/** What the file service needs of the bus. */
export type FileBus = Pick<Bus, "publish" | "sendParts" | "receiveParts" | "request">;

/** Everything the handlers use. */
export interface FileDeps extends AsyncDisposable {
  readonly config: FileConfig;
  readonly bus: FileBus;
  /** Runs work on the disk; its errors leave as `OsError`s that name what it was about. */
  readonly onDisk: typeof onDisk;
  readonly reader: HomeReader;
  readonly files: HomeFiles;
  readonly workspaces: Workspaces;
  readonly outbox: Outbox;
  readonly leads: Leads;
  readonly staging: Staging;
  readonly repository: HistoryRepository;
  readonly recorder: Recorder;
  readonly writer: HomeWriter;
  readonly inbox: Inbox;
  readonly journals: Journals;
  readonly transcripts: Transcripts;
  readonly sessions: Sessions;
  readonly activity: ActivityLog;
  readonly usage: UsageLog;
  readonly apps: AppPlaces;
  readonly databases: DatabaseThreads;
  readonly transfers: Transfers;
  /** Sessions whose transcripts wait for the next quiet moment to enter the history. */
  readonly unsnapshotted: Set<string>;
  readonly quiet: QuietTime;
  readonly vault: VaultWatch;
  /** Settles when the first comparison with the history is done; changes wait for it by themselves. */
  readonly settled: Promise<void>;
}

/** A vault that starts beside this service is waited for, in the background. */
const FIRST_WAIT_MS = 30_000;

type Problem = (summary: string, cause?: unknown) => void;

/** Opens the home and everything that lives in it. Errors: `busy` when another file service runs on this home. */
export async function createFileDeps(
  config: FileConfig,
  surroundings: { readonly bus: FileBus; readonly log: Log },
): Promise<FileDeps> {
  const { bus, log } = surroundings;
  // Closed in the opposite order, also when opening fails half-way.
  await using parts = new AsyncDisposableStack();
  const home = await openLockedHome(config, log, parts);
  const activity = parts.use(new ActivityLog(home.root));
  const problem = createProblem(log, activity);
  const turns = openTurns(home, problem, parts);
  const events = parts.use(new ChangeEvents(bus, problem));
  const scan = new VaultScan();
  const kept = readKeptFingerprints(config.stateDir);
  if (kept !== undefined) scan.use(kept);
  const history = await openHistory(config, home, { activity, events, problem, scan });
  parts.use(history.recorder.log);
  parts.use(history.repository);
  parts.defer(() => history.writer.queue.settled());
  const contents = new ContentMemory(scan);
  const vault = createVaultWatch(bus, log, (set) => {
    scan.use(set);
    contents.clear();
    keepFingerprints(config.stateDir, set);
  });
  void vault.refresh(FIRST_WAIT_MS);
  const whole = { root: home.root, staging: home.staging, contents, scan, ...history };
  const { stop, ...rest } = startRest(config, { ...history, problem, vault });
  parts.defer(stop);
  const databases = parts.use(new DatabaseThreads());
  const owned = parts.move();
  return {
    config,
    bus,
    onDisk,
    reader: new HomeReader(home.root, contents),
    files: new HomeFiles(whole),
    workspaces: new Workspaces(config.stateDir, whole),
    outbox: new Outbox(home.root, home.staging, problem),
    leads: new Leads(home.own, home.staging),
    apps: new AppPlaces(home.root, config.home, (at) => {
      history.writer
        .snapshotQuietly("An app's data", [at])
        .catch((cause: unknown) => problem("a new folder is not in the history", cause));
    }),
    databases,
    vault,
    staging: home.staging,
    activity,
    ...history,
    ...turns,
    ...rest,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openLockedHome(config: FileConfig, log: Log, parts: AsyncDisposableStack): Promise<OpenHome> {
  const home = openHome(config.home, config.stateDir);
  for (const part of [home.root, home.own, home.staging]) parts.use(part);
  const lock = parts.use(await lockHome(home.own));
  if (lock === undefined) log.warn("this disk has no sockets: nothing keeps a second file service off this home");
  sweepStaging(home);
  furnishHome(home);
  return home;
}

/** What the owner should hear of goes to the log and, in words, to the activity log. */
function createProblem(log: Log, activity: ActivityLog): Problem {
  return (summary, cause) => {
    const err = cause === undefined ? undefined : toErrorBody(toOsError(cause));
    log.warn({ err, detail: cause instanceof Error ? cause.message : undefined }, summary);
    recordSafely(activity, { kind: "problem", summary });
  };
}

async function openHistory(
  config: FileConfig,
  home: OpenHome,
  tell: { activity: ActivityLog; events: ChangeEvents; problem: Problem; scan: VaultScan },
) {
  const repository = new HistoryRepository(
    { gitDir: path.join(config.home, ".matrix/history.git"), searchPath: config.searchPath },
    config.device,
  );
  await repository.open();
  const changed = (line: ChangeLine) => {
    tell.events.tell(toChange(line));
    const names = line.paths.map(({ path: at }) => at);
    recordSafely(tell.activity, {
      kind: "file",
      summary: `${line.origin.actor} changed ${toSummary(names, line.pathCount)}`.slice(0, 500),
      origin: line.origin,
    });
  };
  const recorder = new Recorder({
    log: new ChangeLog(home.changes),
    repository,
    committer: config.device,
    listeners: { changed, problem: tell.problem },
  });
  await recorder.recover();
  const writer = new HomeWriter({
    root: home.root,
    staging: home.staging,
    repository,
    recorder,
    pending: new PendingChange(home.own),
    scan: tell.scan,
    problem: tell.problem,
  });
  return { repository, recorder, writer };
}

function openTurns(home: OpenHome, problem: Problem, parts: AsyncDisposableStack) {
  const transcripts = parts.use(new Transcripts(home.root));
  const sessions = new Sessions(home.root, home.staging, transcripts);
  parts.defer(() => sessions.close());
  const damaged = (summary: string, session: string, turn: string) => problem(`${summary} (${session}/${turn})`);
  const journals = parts.use(new Journals(home.root, home.staging, damaged));
  const inbox = new Inbox(home.root, home.staging, {
    problem,
    hasBegun: (session, key) => journals.has({ session, turn: key }) || transcripts.has(session, `${key}.user`),
  });
  for (const session of inbox.open.sessions()) {
    const [first] = inbox.open.ofSession(session);
    if (first !== undefined && !sessions.has(session)) sessions.note(session, first.message);
  }
  return { transcripts, sessions, inbox, journals, usage: parts.use(new UsageLog(home.root)) };
}

interface Running {
  readonly repository: HistoryRepository;
  readonly writer: HomeWriter;
  readonly problem: Problem;
  readonly vault: VaultWatch;
}

/** The watcher, the first comparison, and the duties of quiet times. */
function startRest(config: FileConfig, { repository, writer, problem, vault }: Running) {
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

function recordSafely(
  activity: ActivityLog,
  what: {
    kind: "file" | "problem";
    summary: string;
    origin?: { session?: string | undefined; turn?: string | undefined };
  },
): void {
  const { kind, summary, origin } = what;
  try {
    activity.record({
      at: new Date().toISOString(),
      service: "file",
      kind,
      summary,
      ...(origin?.session === undefined ? {} : { session: origin.session }),
      ...(origin?.turn === undefined ? {} : { turn: origin.turn }),
    });
  } catch {
    // A full disk must not turn a change that is kept into one that failed; the change log has it.
  }
}
