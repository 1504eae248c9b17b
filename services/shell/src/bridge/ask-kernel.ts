import { sendText } from "../live/outbox.ts";
import { loadSession } from "../live/sessions.ts";
import { findAppSession, rememberAppSession } from "../launcher/app-sessions.ts";
import { RequestError } from "../live/failure.ts";
import { useSessions } from "../state/session-store.ts";

/** What came of a question to the kernel. */
export interface KernelAnswer {
  readonly status: "declined" | "done" | "failed" | "stopped";
  readonly text: string;
}

/** A turn may take this long; its answer stands in the chat in any case. */
const LONGEST_TURN_MS = 16 * 60_000;

/** Sends a text in an app's session and waits for the answer. Errors: `RequestError`. */
export async function askKernel(app: string, text: string): Promise<KernelAnswer> {
  const known = findAppSession(app);
  if (known !== undefined && useSessions.getState().views[known] === undefined) await loadSession(known);
  const sent = await sendText(text, known, app);
  if ("failure" in sent) throw new RequestError(sent.failure);
  rememberAppSession(app, sent.session);
  return await waitForAnswer(sent.session, sent.turn);
}

function waitForAnswer(session: string, turn: string): Promise<KernelAnswer> {
  const find = (): KernelAnswer | undefined => {
    const messages = useSessions.getState().views[session]?.messages ?? [];
    const answer = messages.find((message) => message.turn === turn && message.role === "assistant");
    if (answer === undefined || answer.status === "running" || answer.status === "queued") return undefined;
    return { status: answer.status, text: answer.text };
  };
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      stop();
    };
    const timer = setTimeout(() => {
      end();
      reject(new RequestError({ code: "timed-out", detail: "the answer took too long" }));
    }, LONGEST_TURN_MS);
    const look = (): void => {
      const answer = find();
      if (answer === undefined) return;
      end();
      resolve(answer);
    };
    const stop = useSessions.subscribe(look);
    look();
  });
}
