import { origin } from "@matrix-os/contracts/values";
import { z } from "zod";

/** What a snapshot says about itself; enough to rebuild the change log from the history. */
export const commitFacts = z.object({
  summary: z.string(),
  origin,
  /** Missing on snapshots that are no change: the first one, and transcripts. */
  seq: z.number().int().positive().optional(),
  change: z.string().optional(),
  reverses: z.string().optional(),
});

/** What a snapshot says about itself. */
export type CommitFacts = z.infer<typeof commitFacts>;

/** A commit message: the summary, then one trailer line a fact. */
export function formatCommitMessage(facts: CommitFacts): string {
  const trailers: [string, string | number | undefined][] = [
    ["Actor", facts.origin.actor],
    ["Session", facts.origin.session],
    ["Turn", facts.origin.turn],
    ["Call", facts.origin.call],
    ["Change", facts.change],
    ["Seq", facts.seq],
    ["Reverses", facts.reverses],
  ];
  const lines = trailers
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${toLine(String(value))}`);
  return `${toLine(facts.summary).slice(0, 200)}\n\n${lines.join("\n")}\n`;
}

function toLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\0-\x1f\x7f]+/g, " ");
}

/** The facts in a commit message, or `undefined` when it is not one of ours. */
export function parseCommitMessage(message: string): CommitFacts | undefined {
  const [summary = "", ...rest] = message.split("\n");
  const trailers = new Map(
    rest.flatMap((line) => {
      const at = line.indexOf(": ");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2)] as const];
    }),
  );
  const parsed = commitFacts.safeParse({
    summary,
    origin: {
      actor: trailers.get("Actor"),
      session: trailers.get("Session"),
      turn: trailers.get("Turn"),
      call: trailers.get("Call"),
    },
    seq: trailers.has("Seq") ? Number(trailers.get("Seq")) : undefined,
    change: trailers.get("Change"),
    reverses: trailers.get("Reverses"),
  });
  return parsed.success ? parsed.data : undefined;
}
