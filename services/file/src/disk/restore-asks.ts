import { OsError } from "@matrix-os/contracts/errors";
import { OpenAsks } from "../turns/open-asks.ts";
import { Answers } from "./answers.ts";
import type { Folder } from "./folder.ts";
import type { Inbox } from "./inbox.ts";
import type { JournalPage, Journals, TurnName } from "./journals.ts";

/** Questions of open turns, and what is needed to answer them. */
export interface Asking {
  readonly asks: OpenAsks;
  readonly answers: Answers;
  /** Questions whose answer is on its way to the disk. */
  readonly answering: Set<string>;
}

/** Learns from the journals of open turns what waits for the owner, and what was answered meanwhile. */
export function restoreAsks(root: Folder, from: { readonly inbox: Inbox; readonly journals: Journals }): Asking {
  const asking = { asks: new OpenAsks(), answers: new Answers(root), answering: new Set<string>() };
  const { open } = from.inbox;
  const turns = [...open.sessions()].flatMap((session) => open.ofSession(session));
  for (const { message } of turns) restoreTurn(asking, from.journals, { session: message.session, turn: message.key });
  return asking;
}

function restoreTurn({ asks, answers }: Asking, journals: Journals, name: TurnName): void {
  for (let from = 1, more = true; more;) {
    const page = readIfThere(journals, name, from);
    if (page === undefined) return;
    for (const line of page.lines) asks.note(name, [line.record], line.at);
    from += page.lines.length;
    ({ more } = page);
  }
  for (const answer of answers.read(name)) asks.answer(answer);
}

function readIfThere(journals: Journals, name: TurnName, from: number): JournalPage | undefined {
  try {
    return journals.read(name, from);
  } catch (thrown) {
    if (thrown instanceof OsError && thrown.code === "not-found") return undefined;
    throw thrown;
  }
}
