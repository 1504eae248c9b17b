/** A refusal is noted once in this time for each kind of it; the rest is counted. */
const QUIET_MS = 60_000;
/** Kinds told apart at a time; those beyond are counted together. */
const MAX_KINDS = 50;
const OTHERS = "others";

interface Note {
  notedAt: number;
  more: number;
}

/** Keeps whoever knocks often from filling the activity log. */
export interface RefusalNotes {
  /** Answers how many of this kind were passed over since the last note, when it is time for one; else nothing. */
  note(kind: string, nowMs: number): number | undefined;
}

/** Nothing noted yet. */
export function createRefusalNotes(): RefusalNotes {
  const notes = new Map<string, Note>();
  return {
    note: (kind, nowMs) => {
      for (const [name, { notedAt, more }] of notes) if (more === 0 && nowMs - notedAt >= QUIET_MS) notes.delete(name);
      const name = notes.has(kind) || notes.size < MAX_KINDS ? kind : OTHERS;
      const note = notes.get(name);
      if (note === undefined) notes.set(name, { notedAt: nowMs, more: 0 });
      if (note === undefined) return 0;
      if (nowMs - note.notedAt < QUIET_MS) {
        note.more += 1;
        return undefined;
      }
      const { more } = note;
      notes.set(name, { notedAt: nowMs, more: 0 });
      return more;
    },
  };
}
