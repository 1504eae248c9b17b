import { rejected } from "@matrix-os/contracts/errors";
import type { answerAskRequest } from "@matrix-os/contracts/file/answer-ask.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

type Request = z.infer<typeof answerAskRequest.request>;

/** Keeps the owner's answer to a question, once. */
export function answerAsk(request: Request, deps: FileDeps): Promise<z.infer<typeof answerAskRequest.reply>> {
  return deps.onDisk("answers", async () => {
    const { ask, verdict, by } = request;
    const found = deps.asks.find(ask);
    const isOver = found !== undefined && Date.parse(found.expiresAt) <= Date.now();
    if (found === undefined || isOver)
      throw rejected("not-found", "nothing waits for an answer under this name", { field: "ask" });
    if (found.isAnswered || deps.answering.has(ask))
      throw rejected("conflict", "this was answered already", { field: "ask" });
    const answer = { ask, call: found.call, verdict, by, at: new Date().toISOString() };
    deps.answering.add(ask);
    try {
      await deps.answers.keep(found.name, answer);
      deps.asks.answer(answer);
    } finally {
      deps.answering.delete(ask);
    }
    deps.activity.record({
      at: answer.at,
      service: "file",
      kind: "turn",
      summary: `${verdict === "allow" ? "Allowed" : "Denied"} on ${by}: ${found.title}`.slice(0, 500),
      ...found.name,
    });
    return found.name;
  });
}
