/** Turns remembered; older ones have long ended. */
const MAX_TURNS = 200;
const turns = new Set<string>();

/** Notes a turn that this browser started. */
export function noteOwnTurn(turn: string): void {
  turns.add(turn);
  if (turns.size > MAX_TURNS) turns.delete(turns.values().next().value ?? "");
}

/** Whether this browser started a turn. */
export function isOwnTurn(turn: string): boolean {
  return turns.has(turn);
}
