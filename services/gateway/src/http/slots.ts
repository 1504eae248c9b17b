import { unavailable } from "@matrix-os/contracts/errors";

/** A bounded number of things that may go on at a time. */
export interface Slots {
  /** Takes a slot; returns how to give it back (once). Errors: `busy`. */
  take(): () => void;
}

/** `count` free slots; the name stands in the refusal. */
export function createSlots(count: number, name: string): Slots {
  let taken = 0;
  return {
    take: () => {
      if (taken >= count) throw unavailable("busy", `${count} ${name} are open already`, { retryAfterMs: 5_000 });
      taken += 1;
      let held = true;
      return () => {
        if (held) taken -= 1;
        held = false;
      };
    },
  };
}
