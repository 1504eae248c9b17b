import { unavailable } from "@matrix-os/contracts/errors";

/** Changes that may wait; past it the service says `busy`. */
const MAX_WAITING = 1_000;

/** Runs changes of the home one at a time, in the order they came. Errors: `busy` when 1,000 wait. */
export class MutationQueue {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Changes that run or wait. */
  get length(): number {
    return this.#waiting;
  }

  /** Runs work after all that came before it. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= MAX_WAITING)
      return Promise.reject(unavailable("busy", "too many changes wait", { retryAfterMs: 1_000 }));
    return this.runAnyway(work);
  }

  /** The same for the service's own duties, which nobody can be asked to repeat. */
  runAnyway<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    const result = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything that came so far is done. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
