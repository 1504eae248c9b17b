import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { type SessionInfo, listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { z } from "zod";
import { appendLog } from "../../src/on-request/append-log.ts";
import { finishTurn } from "../../src/on-request/finish-turn.ts";
import { listOpen } from "../../src/on-request/list-open.ts";
import { listSessions } from "../../src/on-request/list-sessions.ts";
import { openLog } from "../../src/on-request/open-log.ts";
import { storeMessage } from "../../src/on-request/store-message.ts";
import type { TestHome } from "./test-home.ts";

/** What one turn of the tests uses. */
export const usage = { ...noUsage, inputTokens: 10, costUsd: 0.5 };

/** A record that means nothing. */
export const note = (step: number): object => ({ kind: "model.request", step, reservedUsd: 0 });

const entry = (turn: string, role: "user" | "assistant") => ({
  id: `${turn}.${role}`,
  turn,
  arrival: 1,
  role,
  text: `${role} says`,
  at: new Date().toISOString(),
  exchange: [{ role }],
});

type ReplyOf<Contract extends { reply: z.ZodType }> = Promise<z.infer<Contract["reply"]>>;

/** The requests of a turn's life, in short. */
export interface TurnRequests {
  readonly open: (wish?: object) => ReplyOf<typeof listOpenRequest>;
  readonly keys: (wish?: object) => Promise<string[]>;
  readonly session: () => Promise<SessionInfo | undefined>;
  readonly store: (key: string, session?: string, text?: string) => ReplyOf<typeof storeMessageRequest>;
  readonly openTurn: (turn: string, owner?: string) => ReplyOf<typeof openLogRequest>;
  readonly append: (turn: string, at: Place & { records?: unknown[] }) => ReplyOf<typeof appendLogRequest>;
  readonly finish: (turn: string, at: Place & { outbox?: unknown[] }) => ReplyOf<typeof finishTurnRequest>;
}

interface Place {
  readonly epoch: number;
  readonly after: number;
}

/** Makes the requests for whatever home the test has open. */
export function turnRequests(test: () => TestHome): TurnRequests {
  const open = (wish: object = {}) => test().ask(listOpenRequest, listOpen, wish);
  return {
    open,
    keys: async (wish: object = {}) => (await open(wish)).open.map(({ message }) => message.key),
    session: async () => (await test().ask(listSessionsRequest, listSessions, { session: "s_1" })).sessions[0],
    store: (key: string, session = "s_1", text = "hello\nthere") => {
      const replyTo = { channel: "web", account: "owner", chat: session };
      return test().ask(storeMessageRequest, storeMessage, {
        key,
        session,
        message: { text, sender: "owner", replyTo },
      });
    },
    openTurn: (turn: string, owner = "w1") => test().ask(openLogRequest, openLog, { session: "s_1", turn, owner }),
    append: (turn: string, at: { epoch: number; after: number; records?: unknown[] }) =>
      test().ask(appendLogRequest, appendLog, { session: "s_1", turn, records: [note(1)], ...at }),
    finish: (turn: string, at: { epoch: number; after: number; outbox?: unknown[] }) =>
      test().ask(finishTurnRequest, finishTurn, {
        session: "s_1",
        turn,
        records: [{ kind: "end", status: "done", text: "hi", usage }],
        transcript: [entry(turn, "user"), entry(turn, "assistant")],
        outbox: [],
        usage,
        model: "m",
        ...at,
      }),
  };
}
