const FLUSH_EVERY_MS = 30;

/** A piece of a model step's text, numbered from 0 in its step. */
export interface Delta {
  readonly step: number;
  readonly number: number;
  readonly text: string;
}

/** Gathers text for some milliseconds, so that a fast model does not flood the bus. */
export function createDeltaWriter(say: (delta: Delta) => void): {
  write(step: number, text: string): void;
  flush(): void;
} {
  let step = 0;
  let number = 0;
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    say({ step, number, text: waiting });
    number += 1;
    waiting = "";
  };
  return {
    flush,
    write: (ofStep, text) => {
      if (ofStep !== step) {
        flush();
        step = ofStep;
        number = 0;
      }
      waiting += text;
      timer ??= setTimeout(flush, FLUSH_EVERY_MS);
    },
  };
}
