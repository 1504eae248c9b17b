import { type Change, writtenEvent } from "@matrix-os/contracts/file/written.event";
import type { EventContract } from "@matrix-os/contracts/define";

/** The part of the bus that events need. */
export interface EventBus {
  publish<Body>(contract: EventContract<Body>, key: string, body: Body): Promise<void>;
}

/** Events that may wait for the bus; more are dropped, for listeners replay from the change log. */
const MAX_WAITING = 1_000;
/** The key of every event: there is one home. */
const KEY = "home";

/** Tells changes in order, without making any change wait for the bus. */
export class ChangeEvents implements AsyncDisposable {
  readonly #bus: EventBus;
  readonly #problem: (summary: string, cause: unknown) => void;
  readonly #waiting: Change[] = [];
  #telling: Promise<void> | undefined;

  constructor(bus: EventBus, problem: (summary: string, cause: unknown) => void) {
    this.#bus = bus;
    this.#problem = problem;
  }

  /** Takes a change to tell. */
  tell(change: Change): void {
    if (this.#waiting.length >= MAX_WAITING) this.#waiting.shift();
    this.#waiting.push(change);
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = undefined;
    });
  }

  /** Waits for what is being told. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    for (let change = this.#waiting.shift(); change !== undefined; change = this.#waiting.shift()) {
      try {
        await this.#bus.publish(writtenEvent, KEY, change);
      } catch (cause) {
        this.#problem("a change was not told; listeners find it in the change log", cause);
      }
    }
  }
}
