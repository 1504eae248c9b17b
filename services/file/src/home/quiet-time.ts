/** Runs duties when nothing has happened for a while; costs nothing while nothing happens. */
export class QuietTime implements Disposable {
  readonly #quietMs: number;
  readonly #duty: () => Promise<void>;
  readonly #problem: (summary: string, cause: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(quietMs: number, duty: () => Promise<void>, problem: (summary: string, cause: unknown) => void) {
    this.#quietMs = quietMs;
    this.#duty = duty;
    this.#problem = problem;
  }

  /** Something happened: the duties wait until it has been quiet again. */
  disturb(): void {
    if (this.#timer !== undefined) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#start(), this.#quietMs).unref();
  }

  /** Runs the duties now. */
  async now(): Promise<void> {
    this.#start();
    await this.#running;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    this[Symbol.dispose]();
    this.#running = this.#running
      .then(() => this.#duty())
      .catch((cause: unknown) => this.#problem("a duty of quiet times failed", cause));
  }
}
