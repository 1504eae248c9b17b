import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type ErrorBody, fromErrorBody, unavailable } from "@matrix-os/contracts/errors";
import type { DatabaseJob } from "./database-worker.ts";

/** Time that one statement may take. */
const JOB_MS = 1_000;
/** Time for opening and for migrations. */
const START_MS = 10_000;
/** Threads at a time; the one unused for longest makes room. */
const MAX_THREADS = 8;
const IDLE_MS = 60_000;
const MAX_WAITING = 200;
const HEAP_MB = 64;

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, (answer: Answer) => void>;
  /** Jobs run one after the other; this settles when the last one did. */
  last: Promise<unknown>;
  pending: number;
  usedAt: number;
  migrations: string;
  /** Before the first answer the file may not be there yet. */
  hasAnswered: boolean;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: ErrorBody;
}

/** A database and the schema it should have. */
export interface DatabasePlace {
  readonly path: string;
  readonly migrations: readonly string[];
}

/** The threads in which the apps' databases live, one for each app in use. An endless statement costs only its own app. */
export class DatabaseThreads implements AsyncDisposable {
  readonly #threads = new Map<string, Thread>();
  readonly #sweep = setInterval(() => void this.#endIdle(), IDLE_MS);
  #nextId = 1;

  constructor() {
    this.#sweep.unref();
  }

  /** Runs a job on an app's database. Errors: the job's own, `timed-out` after a second, `busy` when too many wait. */
  async run(app: string, place: DatabasePlace, job: DatabaseJob): Promise<unknown> {
    await this.#endIfGone(app, place);
    const thread = this.#threads.get(app) ?? this.#start(app, place);
    if (thread.pending >= MAX_WAITING)
      throw unavailable("busy", "too many requests of this app wait", { retryAfterMs: 500 });
    const migrations = JSON.stringify(place.migrations);
    if (thread.migrations !== migrations) {
      thread.migrations = migrations;
      const job = { do: "migrate", migrations: place.migrations } as const;
      await this.#enqueue(app, thread, { job, withinMs: START_MS }).catch((error: unknown) => {
        thread.migrations = "";
        throw error;
      });
    }
    return this.#enqueue(app, thread, { job, withinMs: JOB_MS });
  }

  #start(app: string, place: DatabasePlace): Thread {
    if (this.#threads.size >= MAX_THREADS) void this.#endOldest();
    const worker = new Worker(join(import.meta.dirname, "database-worker.ts"), {
      workerData: { path: place.path },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const thread: Thread = {
      worker,
      waiting: new Map(),
      last: Promise.resolve(),
      pending: 0,
      usedAt: Date.now(),
      // No list of statements: the first job is always a migration, whose longer time covers the start of the thread.
      migrations: "",
      hasAnswered: false,
    };
    this.#threads.set(app, thread);
    worker.unref();
    worker.on("message", ({ id, ...answer }: Answer & { id: number }) => thread.waiting.get(id)?.(answer));
    const lost = () => this.#lose(app, thread);
    worker.on("error", lost);
    worker.on("exit", lost);
    return thread;
  }

  /** A thread whose file was taken away would go on writing where nobody reads. */
  async #endIfGone(app: string, place: DatabasePlace): Promise<void> {
    const thread = this.#threads.get(app);
    if (thread?.hasAnswered === true && !existsSync(place.path))
      await this.#end(app, thread, "the app's database is gone");
  }

  #enqueue(app: string, thread: Thread, task: { job: DatabaseJob; withinMs: number }): Promise<unknown> {
    thread.pending += 1;
    thread.usedAt = Date.now();
    const result = thread.last.then(() => this.#post(app, thread, task));
    thread.last = result.catch(() => undefined).finally(() => (thread.pending -= 1));
    return result;
  }

  async #post(app: string, thread: Thread, task: { job: DatabaseJob; withinMs: number }): Promise<unknown> {
    if (this.#threads.get(app) !== thread)
      throw unavailable("timed-out", "an earlier statement of this app took too long");
    const id = this.#nextId++;
    const answered = new Promise<Answer>((resolve) => thread.waiting.set(id, resolve));
    const timer = setTimeout(() => void this.#end(app, thread, "a statement may take one second"), task.withinMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    thread.worker.postMessage({ id, job: task.job });
    const answer = await answered;
    thread.hasAnswered = true;
    clearTimeout(timer);
    thread.waiting.delete(id);
    if (answer.error !== undefined) throw fromErrorBody(answer.error);
    return answer.value;
  }

  #lose(app: string, thread: Thread): void {
    if (this.#threads.get(app) === thread) this.#threads.delete(app);
    const error: ErrorBody = {
      kind: "unavailable",
      code: "timed-out",
      message: "the app's database was closed under a statement",
    };
    for (const answer of thread.waiting.values()) answer({ error });
  }

  async #end(app: string, thread: Thread, why: string): Promise<void> {
    if (this.#threads.get(app) === thread) this.#threads.delete(app);
    for (const answer of thread.waiting.values())
      answer({ error: { kind: "rejected", code: "timed-out", message: why } });
    await thread.worker.terminate();
  }

  async #endOldest(): Promise<void> {
    const oldest = [...this.#threads].toSorted(([, a], [, b]) => a.usedAt - b.usedAt)[0];
    if (oldest === undefined) return;
    const [app, thread] = oldest;
    this.#threads.delete(app);
    await thread.last;
    await this.#end(app, thread, "closed");
  }

  async #endIdle(): Promise<void> {
    const before = Date.now() - IDLE_MS;
    for (const [app, thread] of this.#threads) {
      if (thread.pending === 0 && thread.usedAt < before) await this.#end(app, thread, "closed");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    for (const [app, thread] of this.#threads) {
      await thread.last;
      await this.#end(app, thread, "closed");
    }
  }
}
