import { examples } from "../values.ts";
import type { JournalLine } from "./record.ts";
import { noUsage, type SessionFile, type SessionSummary, type StoredMessage, type TranscriptEntry } from "./message.ts";

/** An inbox file. */
export const exampleMessage: StoredMessage = {
  key: examples.turn,
  session: examples.session,
  arrival: 7,
  at: examples.at,
  text: "make me a habit tracker",
  sender: "owner",
  replyTo: { channel: "web", account: "owner", chat: examples.session },
};

/** The first line of a journal. */
export const exampleLine: JournalLine = {
  n: 1,
  at: examples.at,
  epoch: 1,
  prev: "",
  record: { kind: "fence", epoch: 1, owner: "kernel-1" },
};

/** A transcript line. */
export const exampleEntry: TranscriptEntry = {
  id: `${examples.turn}.user`,
  turn: examples.turn,
  arrival: 7,
  role: "user",
  text: "make me a habit tracker",
  at: examples.at,
  steps: [],
};

/** A session's own file. */
export const exampleSession: SessionFile = {
  id: examples.session,
  title: "make me a habit tracker",
  channel: "web",
  createdAt: examples.at,
  updatedAt: examples.at,
  usage: noUsage,
};

/** What stands for older turns. */
export const exampleSummary: SessionSummary = {
  upTo: 7,
  entries: 14,
  text: "The owner has a habit tracker in apps/habits.",
  facts: [{ value: "apps/habits", context: "made apps/habits" }],
};
