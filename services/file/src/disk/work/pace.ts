/** Gives others a turn when the last one is a few milliseconds ago. */
export type Pace = () => Promise<void> | void;

const TURN_MS = 8;

/** A pace for one long piece of work. */
export function createPace(): Pace {
  let pausedAt = performance.now();
  return () => {
    if (performance.now() - pausedAt < TURN_MS) return;
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        pausedAt = performance.now();
        resolve();
      });
    });
  };
}
