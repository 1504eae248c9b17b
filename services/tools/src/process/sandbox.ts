import type { SandboxReport } from "@matrix-os/contracts/tools/sandbox-report";
import type { Limits } from "../command/limits.ts";

/** A command as it is to be run. */
export interface Job {
  readonly argv: readonly [string, ...string[]];
  /** The folder that it sees as /work, and all that it may change. */
  readonly workFolder: string;
  readonly timeoutSeconds: number;
  readonly limits: Limits;
  /** The socket of a proxy that lets some hosts through; not set: no network. */
  readonly proxySocket?: string | undefined;
}

/** How a job's first process is started, with what must be undone after its last one has ended. */
export interface Launch extends Disposable {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Inherited beside input and outputs, from number 3 on. */
  readonly descriptors: readonly number[];
  /** Whether it tells, on the descriptor after those, which process holds all the others. */
  readonly tellsFirstProcess: boolean;
  /** Whether a limit of memory that the kernel counts is in force; else it is watched from outside. */
  readonly countsMemory: boolean;
  /** Whether the kernel killed for memory. */
  readonly ranOutOfMemory: () => boolean;
}

/** A way to run commands so that they reach nothing but their work folder. */
export interface Sandbox extends Disposable {
  readonly report: SandboxReport;
  readonly launch: (job: Job) => Launch;
}

/** What commands may see of the machine's own environment: nothing; these are the same everywhere. */
export const plainEnv = {
  PATH: "/opt/node/bin:/usr/local/bin:/usr/bin:/bin",
  HOME: "/work",
  LANG: "C.UTF-8",
  TERM: "dumb",
} as const;
