import { OsError, rejected } from "@matrix-os/contracts/errors";
import { RULES_FILE_PATH, parseRulesFile } from "@matrix-os/contracts/policy/rules-file";
import { joinTaints } from "@matrix-os/contracts/policy/taint";
import { toArea } from "@matrix-os/policy/area";
import { type Rules, isGranted } from "@matrix-os/policy/judge";
import type { Origin } from "@matrix-os/contracts/define";
import { toLabels } from "../../taint/label-change.ts";
import { openFile, readRange } from "../content.ts";
import type { Folder } from "../folder.ts";
import type { LabelBook, PathLabels } from "../label-book.ts";
import type { WrittenPath } from "./recorder.ts";

/** A change as the gate sees it. */
export interface GatedChange {
  readonly origin: Origin;
  readonly reverses?: string | undefined;
  readonly isPartial?: boolean | undefined;
  /** A folder whose words may be in all that is written: a command had it before it. */
  readonly drawsFrom?: string | undefined;
  readonly moved?: { readonly from: string; readonly to: string } | undefined;
}

interface Parts {
  readonly root: Folder;
  readonly labels: LabelBook;
  /** Whether the owner allowed this call to change this path. */
  readonly isAllowed: (origin: Origin, path: string) => boolean;
}

/** Who changes the home with the owner's own hands. */
const OWN_HANDS = new Set(["owner", "outside", "file"]);

/**
 * The last fence before a change is kept: policies are changed by nobody but the owner, protected files only with the owner's
 * approval, whatever asked for it and however it came about. It also keeps the labels of what is written.
 */
export class ChangeGate {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Errors: `denied`. */
  check({ origin }: GatedChange, paths: readonly string[]): void {
    if (OWN_HANDS.has(origin.actor)) return;
    for (const path of paths) this.#checkPath(path, origin);
  }

  /** Checks what a change did and notes labels that it adds; what it answers takes those away that it removes. */
  async admit(change: GatedChange, paths: readonly WrittenPath[]): Promise<() => Promise<void>> {
    this.check(
      change,
      paths.map(({ path }) => path),
    );
    const next = change.moved === undefined ? this.#afterWriting(change, paths) : this.#afterMove(change.moved, change);
    const { labels } = this.#parts;
    await labels.note(next.map((one) => ({ ...one, now: [...labels.of(one.path).now, ...one.now] })));
    return () => labels.note(next);
  }

  /** Notes what others wrote. */
  async noteOutside(change: GatedChange, paths: readonly WrittenPath[]): Promise<void> {
    await this.#parts.labels.note(this.#afterWriting(change, paths));
  }

  #checkPath(path: string, origin: Origin): void {
    const area = toArea(path);
    if (area === "policy" || area === "kept")
      throw rejected("denied", `${path} is changed by the owner's own hand only`, { field: "path" });
    if (area !== "protected" || this.#parts.isAllowed(origin, path)) return;
    if (!isGranted(path, origin.taint ?? [], this.#readRules()))
      throw rejected("denied", `${path} needs the owner's approval`, { field: "path" });
  }

  #readRules(): Rules {
    try {
      using file = openFile(this.#parts.root, RULES_FILE_PATH);
      return parseRulesFile(readRange(file.fd, 0, file.stats.size).toString("utf8"));
    } catch (thrown) {
      return thrown instanceof OsError && thrown.code === "not-found" ? [] : "unreadable";
    }
  }

  #afterWriting(change: GatedChange, paths: readonly WrittenPath[]): PathLabels[] {
    const { reverses, isPartial } = change;
    const { labels, isAllowed } = this.#parts;
    const origin = this.#withSource(change);
    return paths
      .filter(({ kind }) => kind !== "deleted")
      .map(({ path }) => {
        const writing = { origin, isPartial, isRestored: reverses !== undefined, isApproved: isAllowed(origin, path) };
        return { path, ...toLabels(path, labels.of(path), writing) };
      });
  }

  #withSource({ origin, drawsFrom }: GatedChange): Origin {
    if (drawsFrom === undefined) return origin;
    const found = this.#parts.labels.below(drawsFrom).map(({ now }) => now);
    return { ...origin, taint: joinTaints(origin.taint, ...found) };
  }

  /** What is moved keeps its labels; the place it left keeps them, too, for an undo may bring it back. */
  #afterMove({ from, to }: { from: string; to: string }, { origin }: GatedChange): PathLabels[] {
    const more = origin.taint ?? [];
    const moved = this.#parts.labels.below(from).map(({ path, now, ever }) => ({
      path: `${to}${path.slice(from.length)}`,
      now: [...now, ...more],
      ever: [...ever, ...more],
    }));
    const isNamed = moved.some(({ path }) => path === to) || more.length === 0;
    return isNamed ? moved : [...moved, { path: to, now: more, ever: more }];
  }
}
