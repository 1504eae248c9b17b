/** A file whose descriptor stays open while it is in use. */
interface Hot {
  readonly file: Disposable;
  users: number;
}

/** Files whose descriptors stay open after use. */
const MAX_HOT = 64;

/** Keeps the last used files open, at most 64 beside those in use. */
export class HotFiles<Item extends Hot> implements Disposable {
  readonly #items = new Map<string, Item>();

  /** An open file; it counts as used now. */
  get(key: string): Item | undefined {
    const item = this.#items.get(key);
    if (item !== undefined) this.keep(key, item);
    return item;
  }

  /** Keeps a file that was just opened. */
  keep(key: string, item: Item): Item {
    this.#items.delete(key);
    this.#items.set(key, item);
    this.#trim(item);
    return item;
  }

  /** Works with a file that must stay open meanwhile. When the work fails nobody knows what the disk holds: the next use reads it again. */
  async use<Result>(key: string, item: Item, work: () => Promise<Result>): Promise<Result> {
    item.users += 1;
    try {
      return await work();
    } catch (thrown) {
      if (this.#items.get(key) === item) this.#items.delete(key);
      throw thrown;
    } finally {
      item.users -= 1;
      if (item.users === 0 && this.#items.get(key) !== item) item.file[Symbol.dispose]();
      this.#trim(undefined);
    }
  }

  [Symbol.dispose](): void {
    for (const item of this.#items.values()) item.file[Symbol.dispose]();
    this.#items.clear();
  }

  #trim(spared: Item | undefined): void {
    for (const [key, item] of this.#items) {
      if (this.#items.size <= MAX_HOT) return;
      if (item.users > 0 || item === spared) continue;
      this.#items.delete(key);
      item.file[Symbol.dispose]();
    }
  }
}
