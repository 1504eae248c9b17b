import type { Bus } from "@matrix-os/bus";
import { type Activity, recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import type { Log } from "@matrix-os/runtime/log";
import { type Caller, nameCaller } from "../auth/caller.ts";
import { createRefusalNotes } from "../auth/refusal-notes.ts";

const MAX_SUMMARY = 500;

/** Something that was refused. */
export interface Refusal {
  readonly what: string;
  readonly why: string;
  readonly address: string;
  readonly caller?: Caller | undefined;
}

/** Tells the activity log what happened at the door. Never fails and never waits: what can't be kept there goes to the log. */
export interface ActivityTeller {
  tell(kind: Activity["kind"], summary: string, caller?: Caller): void;
  /** At most one line a minute for each address and reason; the next one says how many there were between. */
  tellRefusal(refusal: Refusal): void;
}

/** Tells over the bus. */
export function createActivityTeller(bus: Bus, log: Log): ActivityTeller {
  const notes = createRefusalNotes();
  const tell: ActivityTeller["tell"] = (kind, summary, caller) => {
    const activity: Activity = {
      at: new Date().toISOString(),
      service: "gateway",
      kind,
      summary: summary.slice(0, MAX_SUMMARY),
      ...(caller === undefined ? {} : { by: nameCaller(caller) }),
    };
    bus
      .request(recordActivityRequest, { activity })
      .catch((err: unknown) => log.warn({ err, kind, summary: activity.summary }, "not in the activity log"));
  };
  return {
    tell,
    tellRefusal: ({ what, why, address, caller }) => {
      const who = caller === undefined ? address : nameCaller(caller);
      const more = notes.note(`${who} ${why}`, Date.now());
      if (more === undefined) return;
      tell("access", `refused ${what} from ${address}: ${why}${more === 0 ? "" : ` (and ${more} more)`}`, caller);
    },
  };
}
