import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { TempFolder } from "@matrix-os/testkit/temp-folder";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { commandLimits, type Limits } from "../src/command/limits.ts";
import { openOutputFile } from "../src/disk/output-file.ts";
import { chooseSandbox } from "../src/process/choose-sandbox.ts";
import { type JobEnd, startJob } from "../src/process/run-job.ts";
import type { Sandbox } from "../src/process/sandbox.ts";

/** The sandbox of this machine with a folder beside the work folders, for one test file. */
export interface Confinement extends Disposable {
  readonly sandbox: Sandbox;
  readonly folder: TempFolder;
  /** Runs in a work folder; not given: an empty one. */
  readonly run: (script: string, options?: RunOptions) => Promise<Ran>;
  readonly makeWork: () => string;
}

/** How a script is run. */
export interface RunOptions {
  readonly work?: string;
  readonly limits?: Partial<Limits>;
  readonly timeoutSeconds?: number;
  readonly proxySocket?: string;
}

/** What came of it. */
export interface Ran extends JobEnd {
  readonly text: string;
  readonly work: string;
}

/** Chooses the sandbox as the service does. */
export async function confine(): Promise<Confinement> {
  const folder = tempFolder("sandbox");
  // As the state directory is: closed to everybody else.
  const state = join(folder.path, "state");
  mkdirSync(state, { mode: 0o700 });
  const sandbox = await chooseSandbox({
    workFolder: state,
    outputFolder: state,
    searchPath: "/usr/local/bin:/usr/bin:/bin",
    allowsUnconfined: false,
    webAllow: new Set(),
    searchProvider: "brave",
    searchUrl: undefined,
  });
  const makeWork = () => mkdtempSync(join(state, "work-"));
  return {
    sandbox,
    folder,
    makeWork,
    run: async (script, options = {}) => {
      const work = options.work ?? makeWork();
      const limits = { ...commandLimits, ...options.limits };
      using output = openOutputFile(folder.path, `out-${process.hrtime.bigint()}`, limits.outputBytes);
      const end = await startJob(
        sandbox,
        {
          argv: ["/bin/sh", "-c", script],
          workFolder: work,
          timeoutSeconds: options.timeoutSeconds ?? 20,
          limits,
          proxySocket: options.proxySocket,
        },
        output,
      ).ended;
      return { ...end, text: output.read(0, output.size()).toString(), work };
    },
    [Symbol.dispose]: () => {
      sandbox[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}
