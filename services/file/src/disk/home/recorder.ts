import type { Origin } from "@matrix-os/contracts/define";
import type { Change } from "@matrix-os/contracts/file/written.event";
import { type ChangeLine, clipPaths } from "../../change/change-line.ts";
import { type CommitFacts, formatCommitMessage, parseCommitMessage } from "../../change/commit-message.ts";
import { HistoryEntries, toSummary } from "../../change/history-entries.ts";
import type { ChangeLog } from "../change-log.ts";
import type { TreeStep } from "../../git/fast-import-text.ts";
import type { HistoryRepository, TreeDifference } from "../../git/history-repository.ts";
import { MANIFEST_NAME, splitPath } from "../../home-path/home-rules.ts";

/** A path of a change with what it is now. */
export type WrittenPath = Change["paths"][number];

/** A change that stands on the disk and is to be numbered, kept and told. */
export interface Draft {
  readonly origin: Origin;
  readonly steps: readonly TreeStep[];
  readonly paths: readonly WrittenPath[];
  readonly reverses?: string | undefined;
}

/** Where told changes go, and what can't be helped. */
export interface Listeners {
  readonly changed: (line: ChangeLine) => void;
  readonly problem: (summary: string, cause: unknown) => void;
}

/** Numbers every change, makes its snapshot and tells it. Used by one change at a time. */
export class Recorder {
  readonly entries = new HistoryEntries();
  readonly log: ChangeLog;
  readonly #repository: HistoryRepository;
  readonly #committer: string;
  readonly #listeners: Listeners;

  constructor(parts: { log: ChangeLog; repository: HistoryRepository; committer: string; listeners: Listeners }) {
    this.log = parts.log;
    this.#repository = parts.repository;
    this.#committer = parts.committer;
    this.#listeners = parts.listeners;
    for (const line of this.log.all()) this.entries.add(line);
  }

  /** Records a change; when it resolves the snapshot is on the disk. */
  async record(draft: Draft): Promise<ChangeLine> {
    const seq = this.log.newest + 1;
    const at = new Date();
    const facts: CommitFacts = {
      summary: toSummary(
        draft.paths.slice(0, 2).map(({ path }) => path),
        draft.paths.length,
      ),
      origin: draft.origin,
      seq,
      change: `c_${seq}`,
      reverses: draft.reverses,
    };
    const commit = await this.#commit(facts, draft.steps, at);
    const line: ChangeLine = {
      seq,
      change: `c_${seq}`,
      at: at.toISOString(),
      origin: draft.origin,
      paths: clipPaths(draft.paths),
      pathCount: draft.paths.length,
      commit,
      ...(draft.reverses === undefined ? {} : { reverses: draft.reverses }),
    };
    this.#keep(line);
    return line;
  }

  /** Makes a snapshot that is no change: the first one, and bookkeeping. */
  async snapshot(summary: string, steps: readonly TreeStep[]): Promise<void> {
    await this.#commit({ summary, origin: { actor: "file" } }, steps, new Date());
  }

  /** Takes changes into the log whose snapshot was made just before a crash, so that numbers have no gap. */
  async recover(): Promise<void> {
    const missing: ChangeLine[] = [];
    for (let id = this.#repository.tip; id !== undefined && missing.length < MAX_RECOVERED;) {
      const commit = await this.#repository.readCommit(id);
      const facts = commit === undefined ? undefined : parseCommitMessage(commit.message);
      if (facts?.seq !== undefined && commit !== undefined) {
        if (facts.seq <= this.log.newest) break;
        const known = { facts, seq: facts.seq, at: commit.at, commit: id };
        missing.push(toLine(known, await this.#repository.changesOf(id)));
      }
      id = commit?.parent;
    }
    for (const line of missing.toReversed()) this.#keep(line);
  }

  #commit(facts: CommitFacts, steps: readonly TreeStep[], at: Date): Promise<string> {
    return this.#repository.commit({
      actor: facts.origin.actor,
      committer: this.#committer,
      at,
      message: formatCommitMessage(facts),
      steps,
    });
  }

  #keep(line: ChangeLine): void {
    try {
      this.log.append(line);
    } catch (cause) {
      this.#listeners.problem("a change is missing in the change log until the next start", cause);
    }
    this.entries.add(line);
    this.#listeners.changed(line);
  }
}

const MAX_RECOVERED = 10_000;

function toLine(
  known: { facts: CommitFacts; seq: number; at: Date; commit: string },
  differences: readonly TreeDifference[],
): ChangeLine {
  const paths = differences.filter(({ path }) => splitPath(path).name !== MANIFEST_NAME).map(toWritten);
  return {
    seq: known.seq,
    change: known.facts.change ?? `c_${known.seq}`,
    at: known.at.toISOString(),
    origin: known.facts.origin,
    paths: clipPaths(paths),
    pathCount: paths.length,
    commit: known.commit,
    ...(known.facts.reverses === undefined ? {} : { reverses: known.facts.reverses }),
  };
}

function toWritten({ path, before, after }: TreeDifference): WrittenPath {
  if (after === undefined) return { path, kind: "deleted" };
  return { path, kind: before === undefined ? "created" : "updated" };
}
