import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { type GitPlace, startGit, toGitError } from "./git-command.ts";

interface Wanted {
  readonly name: string;
  readonly resolve: (bytes: Buffer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** One `git cat-file --batch` that stays and reads objects of the history; it starts when first needed and again after a crash. */
export class ObjectReader implements AsyncDisposable {
  readonly #place: GitPlace;
  readonly #wanted: Wanted[] = [];
  #child: ChildProcessWithoutNullStreams | undefined;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #neededBytes = 0;

  constructor(place: GitPlace) {
    this.#place = place;
  }

  /** The bytes of an object, named by its id; `undefined` when the history does not have it. */
  read(id: string): Promise<Buffer | undefined> {
    const child = (this.#child ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#wanted.push({ name: id, resolve, reject });
      child.stdin.write(`${id}\n`);
    });
  }

  /** Ends the process; it starts again when needed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const closed = once(child, "close");
    child.stdin.end();
    await closed;
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = startGit(this.#place, ["cat-file", "--batch"]);
    let complaint = "";
    child.stdin.on("error", () => undefined);
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(-4_000)));
    child.stdout.on("data", (part: Buffer) => this.#receive(part));
    const end = () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#unread = [];
      this.#unreadBytes = 0;
      this.#neededBytes = 0;
      for (const { reject } of this.#wanted.splice(0)) reject(toGitError("cat-file", complaint));
    };
    child.once("error", end).once("close", end);
    return child;
  }

  #receive(part: Buffer): void {
    this.#unread.push(part);
    this.#unreadBytes += part.length;
    if (this.#unreadBytes < this.#neededBytes) return;
    let bytes: Buffer = Buffer.concat(this.#unread);
    for (let rest = this.#take(bytes); rest !== undefined; rest = this.#take(bytes)) bytes = rest;
    this.#unread = [bytes];
    this.#unreadBytes = bytes.length;
  }

  /** Takes one whole answer off the front; `undefined` when it has not all come yet. */
  #take(bytes: Buffer): Buffer | undefined {
    const stop = bytes.indexOf(10);
    if (stop < 0) return undefined;
    const [, second = "", size = ""] = bytes.toString("utf8", 0, stop).split(" ");
    if (second === "missing") {
      this.#wanted.shift()?.resolve(undefined);
      return bytes.subarray(stop + 1);
    }
    this.#neededBytes = stop + 1 + Number(size) + 1;
    if (bytes.length < this.#neededBytes) return undefined;
    const content = bytes.subarray(stop + 1, this.#neededBytes - 1);
    const rest = bytes.subarray(this.#neededBytes);
    this.#neededBytes = 0;
    this.#wanted.shift()?.resolve(Buffer.from(content));
    return rest;
  }
}
