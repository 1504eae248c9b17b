/** A JSON value: what storage, kept state and answers are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A refused request: `code` is `denied`, `busy`, `too-large`, `invalid`, `not-found`, `offline`, … */
interface MatrixError extends Error {
  readonly name: "MatrixError";
  readonly code: string;
}

/** Rows of a SELECT (at most 1,000), or how many rows a statement changed. */
export interface SqlResult {
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly changedRows: number;
  readonly truncated: boolean;
}

/** A file or folder of the app's data folder. */
export interface FileEntry {
  readonly path: string;
  readonly type: "file" | "folder" | "link";
  readonly sizeBytes: number;
  readonly modifiedAt: string;
}

/** What came of a question to the kernel; `declined`: the owner did not want to send it. */
export interface KernelAnswer {
  readonly status: "done" | "failed" | "stopped" | "declined";
  readonly text: string;
}

/** `window.matrix`: what an app may ask of Matrix OS. Every promise may be rejected with a `MatrixError`. */
export interface Matrix extends EventTarget {
  /** The app's folder name; empty outside Matrix OS. */
  readonly app: string;
  /** False when the page is not open in Matrix OS; then only `storage` works, in the browser. */
  readonly isInside: boolean;
  /** The owner's theme; also `<html data-theme>`, unless the page sets that itself. The event `theme` tells of changes. */
  readonly theme: "light" | "dark";
  /** Permission `storage` (given by default). Keys up to 200 characters, values up to 200,000 as JSON. */
  readonly storage: {
    get(key: string): Promise<Json>;
    set(key: string, value: Json): Promise<void>;
    delete(key: string): Promise<void>;
    keys(): Promise<readonly string[]>;
  };
  /** Permission `sql`. One statement on the app's own SQLite database; tables come from `migrations` in app.json. */
  sql(text: string, parameters?: readonly (string | number | boolean | null)[]): Promise<SqlResult>;
  /** Permission `files`. Text files of the app's data folder. */
  readonly files: {
    read(path: string): Promise<string>;
    write(path: string, content: string): Promise<void>;
    list(path?: string): Promise<readonly FileEntry[]>;
  };
  /** Permission `notifications`. A short message on the desktop, at most 6 a minute. */
  notify(title: string, body?: string): Promise<void>;
  /** Permission `ask`. Shows the owner the text, and sends it to the kernel only with their consent. */
  ask(text: string): Promise<KernelAnswer>;
  /** State to get back after the app's files changed and it was loaded again; a function is called after each input. */
  keep(state: Json | (() => Json)): void;
  /** The state that was kept, or null. */
  readonly kept: Json;
  /** Shows the owner that something is broken. Uncaught errors are reported by themselves. */
  report(problem: unknown): void;
}

declare global {
  interface Window {
    readonly matrix: Matrix;
  }
}
