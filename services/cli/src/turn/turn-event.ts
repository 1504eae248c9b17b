import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";

/** Text as the model writes it, numbered from 0 in each step; the step's `text` event says it once more, whole. */
export interface Delta {
  readonly type: "delta";
  readonly turn: string;
  readonly step: number;
  readonly number: number;
  readonly text: string;
}

/** What a turn tells while it runs. */
export type TurnEvent = SessionEvent | Delta;

/** How a turn ended. */
export type Finished = Extract<SessionEvent, { type: "finished" }>;
