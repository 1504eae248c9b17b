/** Lets what began in an order also become visible in it, session by session, however long each takes in between. */
export class ArrivalOrder {
  readonly #last = new Map<string, Promise<void>>();

  /** Takes the next place of a session. `turn` resolves when all places before it are left; `leave` must be called, also after a failure. */
  enter(session: string): { readonly turn: Promise<void>; readonly leave: () => void } {
    const before = this.#last.get(session) ?? Promise.resolve();
    const left = Promise.withResolvers<void>();
    const mine = before.then(() => left.promise).finally(() => this.#forget(session, mine));
    this.#last.set(session, mine);
    return { turn: before, leave: () => left.resolve() };
  }
  #forget(session: string, place: Promise<void>): void {
    if (this.#last.get(session) === place) this.#last.delete(session);
  }
}
