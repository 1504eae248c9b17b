import { findProblem } from "@matrix-os/testkit/messages/check-request";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decide } from "@matrix-os/turn/decide";
import { anyScript, playTurn } from "@matrix-os/turn/test/play-turn";
import { toModelMessages } from "@matrix-os/turn/to-model-messages";
import { emptyTurn, foldTurn } from "@matrix-os/turn/turn-state";
import { emptyChain, formatLines, readJournal } from "../src/journal/journal-chain.ts";

const JOURNALS = 500;
const CUTS_OF_EACH = 20;
const AT = "2026-11-24T12:00:00.000Z";

it("10,000 journals cut at any byte fold to a request that the Messages API accepts, and to a turn that goes on", () => {
  let cuts = 0;
  const shapes = new Set<string>();
  const cutPlaces = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: CUTS_OF_EACH,
    maxLength: CUTS_OF_EACH,
  });
  fc.assert(
    fc.property(anyScript, cutPlaces, (script, places) => {
      const records = playTurn(script).map(({ record }) => record);
      shapes.add(records.map(({ kind }) => kind).join(" "));
      const bytes = Buffer.from(`${formatLines(emptyChain, 1, { records, at: AT }).lines.join("\n")}\n`);
      for (const place of places) {
        const { lines, state } = readJournal(bytes.subarray(0, Math.floor(place * bytes.length)));
        expect(state).not.toBe("damaged");
        const turn = foldTurn(emptyTurn, lines);
        const messages = toModelMessages(turn);
        const problem =
          messages.length === 0 ? undefined : findProblem(messages as unknown as Parameters<typeof findProblem>[0]);
        expect(problem).toBeUndefined();
        const next = decide(turn, { limits: script.limits, elapsedMs: 0, stopRequested: false });
        expect(next.do === "nothing").toBe(turn.ended !== undefined);
        cuts += 1;
      }
    }),
    { numRuns: JOURNALS },
  );
  expect(cuts).toBe(10_000);
  expect(shapes.size).toBeGreaterThan(50);
});
