import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import watcher from "@parcel/watcher";
import { UNWATCHED, isWatched } from "../home-path/home-rules.ts";

interface Options {
  readonly home: string;
  /** The folder where the watcher keeps what it saw last. */
  readonly memory: string;
  /** Told which paths others may have changed; the empty path stands for «anywhere». */
  readonly changed: (paths: readonly string[]) => void;
  readonly problem: (summary: string, cause: unknown) => void;
}

/** More paths at once are looked at as one whole. */
const MAX_PATHS = 5_000;
const PREFIX = "seen-";

/** Notices what others change in the home, also while nobody watched. It only points at paths; what changed is found by comparing. */
export class HomeWatcher implements AsyncDisposable {
  readonly #options: Options;
  readonly #home: string;
  #subscription: watcher.AsyncSubscription | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#home = fs.realpathSync(options.home);
  }

  /** Starts to watch. A system that can't (no inotify watches left) is told as a problem. */
  async start(): Promise<void> {
    try {
      this.#subscription = await watcher.subscribe(
        this.#home,
        (error, events) => this.#tell(error, events),
        this.#ignore(),
      );
    } catch (cause) {
      this.#options.problem(
        "the home can't be watched; outside edits are noticed when the same file is changed here, and at the next start",
        cause,
      );
    }
  }

  /** Paths that may have changed since the last run; the empty path when that is not known. */
  async sinceLastRun(): Promise<string[]> {
    const memory = await this.#findMemory();
    if (memory === undefined) return [""];
    try {
      return this.#toPaths(await watcher.getEventsSince(this.#home, memory, this.#ignore()));
    } catch (cause) {
      this.#options.problem("the watcher's memory can't be read; the whole home is compared", cause);
      return [""];
    }
  }

  /** Keeps what the home looks like now, for the next run. */
  async keep(): Promise<void> {
    const fresh = path.join(this.#options.memory, "fresh");
    try {
      fs.mkdirSync(this.#options.memory, { recursive: true });
      await watcher.writeSnapshot(this.#home, fresh, this.#ignore());
      const name = `${PREFIX}${await hashOf(fresh)}`;
      fs.renameSync(fresh, path.join(this.#options.memory, name));
      for (const old of this.#memories()) if (old !== name) fs.rmSync(path.join(this.#options.memory, old));
    } catch (cause) {
      this.#options.problem("the watcher's memory can't be written", cause);
    }
  }

  /** The watcher believes any file; the name says whether this one is whole. */
  async #findMemory(): Promise<string | undefined> {
    for (const name of this.#memories()) {
      const file = path.join(this.#options.memory, name);
      if (name === `${PREFIX}${await hashOf(file)}`) return file;
    }
    return undefined;
  }

  #memories(): string[] {
    fs.mkdirSync(this.#options.memory, { recursive: true });
    return fs.readdirSync(this.#options.memory).filter((name) => name.startsWith(PREFIX));
  }

  /** Stops watching. */
  async [Symbol.asyncDispose](): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    // It complains of watches that went with their folders; they are gone, which is what was wanted.
    await subscription?.unsubscribe().catch(() => undefined);
  }

  #ignore(): watcher.Options {
    return {
      ignore: [...UNWATCHED.map((folder) => path.join(this.#home, folder)), "**/node_modules/**", "**/.git/**"],
    };
  }

  #tell(error: Error | null, events: readonly watcher.Event[]): void {
    if (error !== null) {
      this.#options.problem("the watcher lost events; the whole home is compared", error);
      this.#options.changed([""]);
      return;
    }
    const paths = this.#toPaths(events);
    if (paths.length > 0) this.#options.changed(paths);
  }

  #toPaths(events: readonly watcher.Event[]): string[] {
    const paths = new Set(
      events
        .map((event) => path.relative(this.#home, event.path).split(path.sep).join("/"))
        .filter((at) => at !== "" && isWatched(at)),
    );
    return paths.size > MAX_PATHS ? [""] : [...paths];
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of fs.createReadStream(file)) hash.update(part as Buffer);
  return hash.digest("hex");
}
