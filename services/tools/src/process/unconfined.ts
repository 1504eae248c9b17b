import { type Job, type Launch, plainEnv } from "./sandbox.ts";

/** A job without any sandbox, because the owner forced it: only its environment is clean and some numbers are limited. */
export function launchUnconfined(job: Job): Launch {
  const [file, ...args] = job.argv;
  return {
    file,
    args,
    env: { ...plainEnv, HOME: job.workFolder },
    descriptors: [],
    tellsFirstProcess: false,
    countsMemory: false,
    ranOutOfMemory: () => false,
    [Symbol.dispose]: () => undefined,
  };
}
