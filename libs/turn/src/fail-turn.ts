import type { Bus } from "@matrix-os/bus";
import type { ErrorBody } from "@matrix-os/contracts/errors";
import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import { openJournal } from "./journal.ts";
import { toEnding } from "./to-ending.ts";
import { emptyTurn, foldTurn } from "./turn-state.ts";

/** Ends a turn that can't go on as visibly failed, so that nothing accepted stays unanswered. Does nothing to an ended one. */
export async function failTurn(
  message: StoredMessage,
  error: ErrorBody,
  deps: { readonly bus: Bus; readonly owner: string },
): Promise<void> {
  const journal = await openJournal(deps.bus, { session: message.session, turn: message.key }, deps.owner);
  const state = foldTurn(emptyTurn, journal.lines);
  if (state.ended !== undefined) return;
  const end = { kind: "end" as const, status: "failed" as const, text: "", error, usage: state.usage };
  const ending = toEnding(state, message, [end]);
  await journal.finish([end], { ...ending, transcript: ending.transcript.map(({ exchange: _, ...entry }) => entry) });
}
