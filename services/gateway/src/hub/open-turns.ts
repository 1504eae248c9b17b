/** Whether a session has work, as far as the bus told; after an interruption it starts anew. */
export interface OpenTurns {
  begin(session: string, turn: string): "running";
  end(session: string, turn: string): "running" | "idle";
  clear(): void;
}

/** Sessions remembered at a time; beyond, the oldest counts as idle. */
const MAX_SESSIONS = 10_000;

/** Counts from now on. */
export function createOpenTurns(): OpenTurns {
  const sessions = new Map<string, Set<string>>();
  return {
    begin: (session, turn) => {
      sessions.set(session, (sessions.get(session) ?? new Set()).add(turn));
      if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.keys().next().value ?? "");
      return "running";
    },
    end: (session, turn) => {
      const turns = sessions.get(session);
      turns?.delete(turn);
      if (turns !== undefined && turns.size > 0) return "running";
      sessions.delete(session);
      return "idle";
    },
    clear: () => sessions.clear(),
  };
}
