import type { ActivityCheck } from "@matrix-os/contracts/file/verify-activity.request";

const EVERY_MS = 86_400_000;

/** What is needed of the log. */
export interface Verifiable {
  verify(): Promise<Omit<ActivityCheck, "checkedAt">>;
}

/** Checks the activity log at the start and each day; a fault is told once. */
export class ActivityCheckUp implements Disposable {
  readonly #log: Verifiable;
  readonly #problem: (summary: string, cause?: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #known: Promise<ActivityCheck>;
  #told = "";

  constructor(log: Verifiable, problem: (summary: string, cause?: unknown) => void) {
    this.#log = log;
    this.#problem = problem;
    this.#known = this.#check();
    this.#known.catch((cause: unknown) => problem("the activity log could not be checked", cause));
    this.#timer = setInterval(() => {
      this.run().catch((cause: unknown) => problem("the activity log could not be checked", cause));
    }, EVERY_MS).unref();
  }

  /** The last result. */
  known(): Promise<ActivityCheck> {
    return this.#known;
  }

  /** Checks now. */
  run(): Promise<ActivityCheck> {
    this.#known = this.#check();
    return this.#known;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #check(): Promise<ActivityCheck> {
    const found = { ...(await this.#log.verify()), checkedAt: new Date().toISOString() };
    const place = found.broken === undefined ? "" : `${found.broken.day} line ${found.broken.line}`;
    if (place !== "" && place !== this.#told)
      this.#problem(`the activity log was changed: ${place} ${found.broken?.reason}`);
    this.#told = place;
    return found;
  }
}
