import path from "node:path";
import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import { toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { type ChangeLine, toChange } from "./change/change-line.ts";
import { toSummary } from "./change/history-entries.ts";
import type { FileConfig } from "./config.ts";
import { ActivityAnchor } from "./disk/activity-anchor.ts";
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
import { LabelBook } from "./disk/label-book.ts";
import { type Asking, restoreAsks } from "./disk/restore-asks.ts";
import { Sessions } from "./disk/sessions.ts";
import type { Staging } from "./disk/staging.ts";
import { Summaries } from "./disk/summaries.ts";
import { UsageLog } from "./disk/usage-log.ts";
import { Transcripts } from "./disk/transcripts.ts";
import { HistoryRepository } from "./git/history-repository.ts";
import { ActivityCheckUp } from "./home/activity-check.ts";
import { ChangeEvents } from "./home/change-events.ts";
import { ChangeGate } from "./disk/home/change-gate.ts";
import { HomeFiles } from "./disk/home/home-files.ts";
import { HomeReader } from "./disk/home/home-reader.ts";
import { Outbox } from "./disk/outbox.ts";
import { HomeWriter } from "./disk/home/home-writer.ts";
import { PendingChange } from "./disk/home/pending-change.ts";
import type { QuietTime } from "./home/quiet-time.ts";
import { Recorder } from "./disk/home/recorder.ts";
import type { Transfers } from "./home/transfers.ts";
import type { OpenAsks } from "./turns/open-asks.ts";
import { recordSafely } from "./disk/record-safely.ts";
import { DatabaseThreads } from "./sqlite/database-threads.ts";
import { Workspaces } from "./disk/work/workspaces.ts";
import { VaultScan } from "./withheld/vault-scan.ts";
import { type VaultWatch, createVaultWatch } from "./nats/vault-watch.ts";
import { keepFingerprints, readKeptFingerprints } from "./disk/kept-fingerprints.ts";
import { type Problem, startQuietDuties } from "./watch/quiet-duties.ts";

/** What the file service needs of the bus. */
export type FileBus = Pick<Bus, "publish" | "sendParts" | "receiveParts" | "request">;

/** Everything the handlers use. */
export interface FileDeps extends AsyncDisposable, Asking {
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
  readonly labels: LabelBook;
  readonly transcripts: Transcripts;
  readonly sessions: Sessions;
  readonly activity: ActivityLog;
  readonly activityCheck: ActivityCheckUp;
  readonly usage: UsageLog;
  readonly summaries: Summaries;
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
/** What the owner sets the system with. */
const SETTINGS = /^system\/(config|channels|schedule|mcp)\.json$|^system\/policy\//;

/** Opens the home and everything that lives in it. Errors: `busy` when another file service runs on this home. */
export async function createFileDeps(
  config: FileConfig,
  surroundings: { readonly bus: FileBus; readonly log: Log },
): Promise<FileDeps> {
  const { bus, log } = surroundings;
  // Closed in the opposite order, also when opening fails half-way.
  await using parts = new AsyncDisposableStack();
  const home = await openLockedHome(config, log, parts);
  const activity = parts.use(new ActivityLog(home.root, new ActivityAnchor(config.stateDir, config.home)));
  const problem = createProblem(log, activity);
  const activityCheck = parts.use(new ActivityCheckUp(activity, problem));
  const turns = openTurns(home, problem, parts);
  const events = parts.use(new ChangeEvents(bus, problem));
  const scan = new VaultScan();
  const kept = readKeptFingerprints(config.stateDir);
  if (kept !== undefined) scan.use(kept);
  const history = await openHistory(config, home, { activity, events, problem, scan, asks: turns.asks, parts });
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
  const { stop, ...rest } = startQuietDuties(config, { ...history, problem, vault });
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
    activityCheck,
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
  tell: {
    activity: ActivityLog;
    events: ChangeEvents;
    problem: Problem;
    scan: VaultScan;
    asks: OpenAsks;
    parts: AsyncDisposableStack;
  },
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
      kind: names.some((at) => SETTINGS.test(at)) ? "config" : "file",
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
  const labels = tell.parts.use(new LabelBook(home.own, home.staging));
  const writer = new HomeWriter({
    root: home.root,
    staging: home.staging,
    repository,
    recorder,
    pending: new PendingChange(home.own),
    scan: tell.scan,
    gate: new ChangeGate({
      root: home.root,
      labels,
      isAllowed: ({ turn = "", call = "" }, path) => tell.asks.isAllowed(turn, call, path),
    }),
    problem: tell.problem,
  });
  return { repository, recorder, writer, labels };
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
  const summaries = new Summaries(home.root, home.staging);
  return {
    transcripts,
    sessions,
    inbox,
    journals,
    summaries,
    ...restoreAsks(home.root, { inbox, journals }),
    usage: parts.use(new UsageLog(home.root)),
  };
}
