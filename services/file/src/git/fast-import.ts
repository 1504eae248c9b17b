import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { type GitPlace, startGit, toGitError } from "./git-command.ts";
import {
  type Commit,
  type TreeItem,
  formatCommitHead,
  formatPut,
  formatStep,
  parseLs,
  quotePath,
  type TreeStep,
} from "./fast-import-text.ts";

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One `git fast-import` that stays: the only writer of the history's refs. It keeps the tree in memory, so a snapshot
 * costs what changed, not what the home holds. Commands are answered in order; after an error the process is gone.
 */
export class FastImport implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #unread = "";
  #complaint = "";
  #ended: Error | undefined;

  constructor(place: GitPlace) {
    this.#child = startGit(place, ["fast-import", "--quiet", "--done", "--depth=0", "--big-file-threshold=1m"]);
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.stderr
      .setEncoding("utf8")
      .on("data", (text: string) => (this.#complaint = (this.#complaint + text).slice(-4_000)));
    this.#child.stdin.on("error", () => undefined);
    this.#child.once("error", () => this.#end());
    this.#child.once("close", () => this.#end());
  }

  /** Whether it can't be used any more. */
  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Writes a commit and checkpoints it; its id once it is on the disk. */
  async commit(commit: Commit): Promise<string> {
    await this.#write(formatCommitHead(commit));
    for (const step of commit.steps) await this.#writeStep(step);
    const id = this.#line();
    const checkpointed = this.#line();
    id.catch(() => undefined);
    checkpointed.catch(() => undefined);
    await this.#write("\nget-mark :1\ncheckpoint\nprogress done\n");
    await checkpointed;
    return id;
  }

  /** What stands at a path in a commit. */
  async look(commit: string, path: string): Promise<TreeItem | undefined> {
    const line = this.#line();
    line.catch(() => undefined);
    await this.#write(`ls ${commit} ${quotePath(path)}\n`);
    return parseLs(await line);
  }

  /** Lets it finish and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = once(this.#child, "close");
    this.#child.stdin.end("done\n");
    await closed;
  }

  /** Ends it at once; what waits is refused. */
  kill(): void {
    this.#child.kill("SIGKILL");
    this.#end();
  }

  async #writeStep(step: TreeStep): Promise<void> {
    if (step.step !== "put") return this.#write(formatStep(step));
    const content = step.open();
    if (content === undefined) return;
    await this.#write(formatPut(step, content.size));
    let left = content.size;
    for await (const part of content.parts) {
      if (part.length > left) break;
      left -= part.length;
      await this.#write(part);
    }
    if (left === 0) return this.#write("\n");
    this.kill();
    throw toGitError("fast-import", `${step.path} changed while it was read`);
  }

  async #write(bytes: string | Uint8Array): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#child.stdin.write(bytes)) return;
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        this.#child.stdin.off("drain", drained);
        reject(this.#toError());
      };
      const drained = () => {
        this.#child.off("close", stop);
        resolve();
      };
      this.#child.stdin.once("drain", drained);
      this.#child.once("close", stop);
    });
  }

  #line(): Promise<string> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split("\n");
    this.#unread = lines.pop() ?? "";
    for (const line of lines) this.#waiting.shift()?.resolve(line);
  }

  #end(): void {
    this.#ended ??= this.#toError();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }

  #toError(): Error {
    return toGitError("fast-import", this.#complaint);
  }
}
