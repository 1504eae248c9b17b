import { unavailable } from "@matrix-os/contracts/errors";

/** Streams out that may run at once; each holds ≤ 2 MB. */
const MAX_RUNNING = 32;

/** Streams that go on after their request was answered. Disposing stops them. */
export class Transfers implements AsyncDisposable {
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #problem: (summary: string, cause: unknown) => void;

  constructor(problem: (summary: string, cause: unknown) => void) {
    this.#problem = problem;
  }

  /** Aborted when the service stops. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Errors: `busy` when too many run. */
  refuseIfFull(): void {
    if (this.#running.size >= MAX_RUNNING)
      throw unavailable("busy", "too many files are being streamed", { retryAfterMs: 1_000 });
  }

  /** Starts a stream. */
  start(work: () => Promise<void>): void {
    const running = work()
      .catch((cause: unknown) => this.#problem("a file stream broke off", cause))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Stops the streams and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running);
  }
}
