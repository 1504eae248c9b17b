import type { ActivityLog } from "./activity-log.ts";

/** Notes what the service did or met in the activity log, as far as the disk lets it. */
export function recordSafely(
  activity: ActivityLog,
  what: {
    kind: "file" | "config" | "problem";
    summary: string;
    origin?: { session?: string | undefined; turn?: string | undefined };
  },
): void {
  const { kind, summary, origin } = what;
  try {
    activity.record({
      at: new Date().toISOString(),
      service: "file",
      kind,
      summary,
      ...(origin?.session === undefined ? {} : { session: origin.session }),
      ...(origin?.turn === undefined ? {} : { turn: origin.turn }),
    });
  } catch {
    // A full disk must not turn a change that is kept into one that failed; the change log has it.
  }
}
