import type { Origin } from "@matrix-os/contracts/define";
import type { ChangeLine } from "../../change/change-line.ts";
import { ContentMemory } from "../content.ts";
import { toDiskError } from "../disk-error.ts";
import type { Folder } from "../folder.ts";
import type { Staging } from "../staging.ts";
import type { HistoryRepository } from "../../git/history-repository.ts";
import { isWatched } from "../../home-path/home-rules.ts";
import type { VaultScan } from "../../withheld/vault-scan.ts";
import type { ChangeGate } from "./change-gate.ts";
import { ChangeSet } from "./change-set.ts";
import { ManifestBook } from "./manifest-book.ts";
import { MutationQueue } from "../../home/mutation-queue.ts";
import { Outside } from "./outside.ts";
import type { PendingChange, WholeChange } from "./pending-change.ts";
import type { Recorder } from "./recorder.ts";
import { takeBackInterrupted } from "./take-back-interrupted.ts";

/** Who changes the home, and which paths; what others did to these paths is recorded first. */
export interface Intent {
  readonly origin: Origin;
  readonly paths: readonly string[];
  /** The history entry that is taken back. */
  readonly reverses?: string | undefined;
  /** The old text is still in what is written. */
  readonly isPartial?: boolean | undefined;
  /** A folder whose words may be in all that is written. */
  readonly drawsFrom?: string | undefined;
  readonly moved?: { readonly from: string; readonly to: string } | undefined;
}

/** Makes a change; `noteWhole` before its first effect promises that no part of it stays alone, even if the process is killed. */
export type ChangeWork<Result> = (set: ChangeSet, noteWhole: (whole: WholeChange) => void) => Promise<Result>;

/** What a change answers, and its line unless nothing had to change. */
export interface Changed<Result> {
  readonly result: Result;
  readonly line: ChangeLine | undefined;
}

interface Parts {
  readonly root: Folder;
  readonly staging: Staging;
  readonly repository: HistoryRepository;
  readonly recorder: Recorder;
  readonly pending: PendingChange;
  readonly scan: VaultScan;
  readonly gate: ChangeGate;
  readonly problem: (summary: string, cause?: unknown) => void;
}

/** Files named one by one when many at once hold secrets. */
const MAX_TOLD = 20;

/** The one place where the home changes: one change at a time, whole or not at all, a snapshot after each. */
export class HomeWriter {
  readonly queue = new MutationQueue();
  readonly settled: ContentMemory;
  readonly #parts: Parts;
  readonly #manifests: ManifestBook;
  readonly #outside: Outside;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { root, repository } = parts;
    this.#manifests = new ManifestBook(root, repository);
    this.settled = new ContentMemory(parts.scan);
    const { scan } = parts;
    this.#outside = new Outside({ root, repository, manifests: this.#manifests, settled: this.settled, scan });
  }

  /** Makes one change. When it resolves, files and snapshot are on the disk; when it rejects, the home is as before. */
  change<Result>(intent: Intent, work: ChangeWork<Result>): Promise<Changed<Result>> {
    return this.queue.run(() => this.changeNow(intent, work));
  }

  /** The same inside work that the queue already runs. */
  async changeNow<Result>(intent: Intent, work: ChangeWork<Result>): Promise<Changed<Result>> {
    this.#parts.gate.check(intent, intent.paths);
    await this.recordOutsideNow(intent.paths);
    const set = new ChangeSet(this.#parts.root, this.#parts.staging);
    try {
      const seq = this.#parts.recorder.log.newest + 1;
      this.#parts.pending.note(seq, intent);
      const result = await work(set, (whole) => this.#parts.pending.note(seq, { ...intent, whole }));
      if (set.steps.length === 0 && set.modes.size === 0 && intent.reverses === undefined)
        return { result, line: undefined };
      const settleLabels = await this.#parts.gate.admit(intent, set.paths);
      const line = await this.#keep(intent, set);
      await settleLabels();
      return { result, line };
    } catch (thrown) {
      this.#forget();
      const failures = set.transaction.rollback();
      for (const failure of failures) this.#parts.problem("a failed change could not be put back whole", failure);
      if (failures.length === 0) this.#parts.pending.clear();
      throw toDiskError(thrown, intent.paths[0] ?? "home");
    }
  }

  /** Records what others changed at these paths; the empty path is the whole home. */
  recordOutside(paths: readonly string[]): Promise<void> {
    return this.queue.runAnyway(() => this.recordOutsideNow(paths));
  }

  /** Makes the first snapshot of a home that has none. */
  async firstSnapshot(): Promise<void> {
    const { steps, withheld } = await this.#outside.compare([""]);
    await this.#snapshot("The home as it was found", steps);
    this.#tellWithheld(withheld);
  }

  /** Takes paths into the history that are nobody's change, such as transcripts. */
  snapshotQuietly(summary: string, paths: readonly string[]): Promise<void> {
    return this.queue.runAnyway(async () => {
      const { steps, withheld } = await this.#outside.compare(paths);
      if (steps.length > 0) await this.#snapshot(summary, steps);
      this.#tellWithheld(withheld);
    });
  }

  async #keep(intent: Intent, set: ChangeSet): Promise<ChangeLine> {
    const synced = set.transaction.sync();
    synced.catch(() => undefined);
    if (set.steps.some(({ step }) => step !== "put")) this.#manifests.clear();
    const manifests = await this.#manifests.stepsFor(set.modes);
    const line = await this.#parts.recorder.record({
      origin: intent.origin,
      steps: [...set.steps, ...manifests],
      paths: set.paths,
      reverses: intent.reverses,
    });
    await synced;
    set.transaction.finish();
    set.remember(this.settled);
    this.#tellWithheld(set.withheld);
    return line;
  }

  /**
   * Settles a change that the last run was killed in. What it had done stays that change's own, so that it is taken back with it;
   * one that promised to be whole is taken back now.
   */
  async recordInterruptedNow(): Promise<void> {
    const interrupted = this.#parts.pending.readAfter(this.#parts.recorder.log.newest);
    if (interrupted === undefined) return;
    if (interrupted.whole === undefined) return this.recordOutsideNow(interrupted.paths, interrupted);
    await takeBackInterrupted(this.#parts, interrupted.whole);
    this.#parts.pending.clear();
  }

  /** The same inside work that the queue already runs. */
  async recordOutsideNow(
    paths: readonly string[],
    { origin, reverses }: Pick<Intent, "origin" | "reverses"> = { origin: { actor: "outside" } },
  ): Promise<void> {
    try {
      const found = await this.#outside.compare(paths);
      if (found.steps.length === 0) return;
      const visible = found.paths.filter(({ path }) => isWatched(path));
      await this.#parts.gate.noteOutside({ origin, reverses, isPartial: origin.actor !== "outside" }, visible);
      if (visible.length === 0) await this.#parts.recorder.snapshot("Bookkeeping", found.steps);
      else await this.#parts.recorder.record({ origin, reverses, steps: found.steps, paths: visible });
      this.#tellWithheld(found.withheld);
    } catch (thrown) {
      this.#forget();
      throw toDiskError(thrown, paths[0] ?? "home");
    }
  }

  async #snapshot(summary: string, steps: Parameters<Recorder["snapshot"]>[1]): Promise<void> {
    try {
      await this.#parts.recorder.snapshot(summary, steps);
    } catch (thrown) {
      this.#forget();
      throw toDiskError(thrown, "home");
    }
  }

  /** The owner hears of every content that no undo will bring back. */
  #tellWithheld(withheld: ReadonlyMap<string, string>): void {
    for (const [path, secret] of [...withheld].slice(0, MAX_TOLD))
      this.#parts.problem(`${path} holds the secret ${secret}: kept on the disk, left out of the history`);
    if (withheld.size > MAX_TOLD) this.#parts.problem(`${withheld.size - MAX_TOLD} more files hold secrets`);
  }

  #forget(): void {
    this.#manifests.clear();
    this.settled.clear();
  }
}
