/** One thing that the doctor looked at. A finding that is not ok says what to do. */
export interface Finding {
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  readonly sentence: string;
  readonly remedy?: string;
}

/** All is well. */
export function ok(check: string, sentence: string): Finding {
  return { check, level: "ok", sentence };
}

/** It works, but something deserves a look. */
export function warn(check: string, sentence: string, remedy: string): Finding {
  return { check, level: "warn", sentence, remedy };
}

/** It does not work. */
export function fail(check: string, sentence: string, remedy: string): Finding {
  return { check, level: "fail", sentence, remedy };
}
