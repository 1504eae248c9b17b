import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { describe, expect, it } from "vitest";
import { emptyChain, formatLines, isEnded, readJournal, toEpoch } from "./journal-chain.ts";

const at = "2026-11-24T12:00:00.000Z";
const fence: TurnRecord = { kind: "fence", epoch: 3, owner: "w" };
const note = (step: number): TurnRecord => ({ kind: "model.request", step, reservedUsd: 0 });

function journalOf(records: readonly TurnRecord[]): Buffer {
  return Buffer.from(
    formatLines(emptyChain, 3, { records, at })
      .lines.map((line) => `${line}\n`)
      .join(""),
  );
}

describe("a journal", () => {
  const bytes = journalOf([
    fence,
    note(1),
    note(2),
    { kind: "tool.result", call: "c", text: "ä\n\u2028", isError: false },
  ]);

  it("reads back what was written, and goes on from there", () => {
    const read = readJournal(bytes);
    expect(read).toMatchObject({ state: "whole", end: { length: 4 } });
    expect(read.offsets.at(-1)).toBe(bytes.length);
    expect([toEpoch(read.lines), isEnded(read.lines)]).toEqual([3, false]);
    const more = formatLines(read.end, 3, { records: [note(9)], at });
    expect(readJournal(Buffer.concat([bytes, Buffer.from(`${more.lines[0]}\n`)])).state).toBe("whole");
  });

  it("cut at any byte keeps all whole lines before the cut", () => {
    const { offsets } = readJournal(bytes);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const read = readJournal(bytes.subarray(0, cut));
      expect(read.lines.length).toBe(offsets.filter((offset) => offset > 0 && offset <= cut).length);
      expect(read.state).toBe(offsets.includes(cut) ? "whole" : "torn");
    }
  });

  it("with any byte flipped never yields a line after the flip", () => {
    const { offsets } = readJournal(bytes);
    for (let place = 0; place < bytes.length; place += 1) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      const good = offsets.filter((offset) => offset > 0 && offset <= place).length;
      const read = readJournal(flipped);
      // A flip inside the text of the last line changes no link that could tell.
      expect(read.lines.length).toBeLessThanOrEqual(good + 1);
      if (place < (offsets.at(-2) ?? 0)) expect(read.state).not.toBe("whole");
    }
  });

  it("keeps records of kinds it does not know", () => {
    const strange = journalOf([
      { kind: "from-the-future", x: 1 } as unknown as TurnRecord,
      { kind: "end", status: "done", text: "", usage: {} as never },
    ]);
    expect(readJournal(strange)).toMatchObject({ state: "whole", end: { length: 2 } });
    expect(isEnded(readJournal(strange).lines)).toBe(true);
    expect(toEpoch(readJournal(strange).lines)).toBe(0);
  });
});
