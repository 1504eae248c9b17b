import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Activity } from "@matrix-os/contracts/file/record-activity.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ActivityAnchor } from "./activity-anchor.ts";
import { ActivityLog } from "./activity-log.ts";
import { type Folder, openRoot } from "./folder.ts";

let home: string;
let root: Folder;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "activity-"));
  root = openRoot(home);
});
afterEach(() => {
  root[Symbol.dispose]();
  fs.rmSync(home, { recursive: true });
});

const open = (of = "home") => new ActivityLog(root, new ActivityAnchor(path.join(home, "state"), of));
const at = (day: string) => path.join(home, "system/activity", `${day}.jsonl`);
const on = (day: string) => new Date(`${day}T12:00:00Z`);
const line = (summary: string, kind: Activity["kind"] = "system"): Activity => ({
  at: "2026-11-24T12:00:00.000Z",
  service: "x",
  kind,
  summary,
});
const all = { limit: 500 };

/** Three days of lines, the log closed. */
function fill(perDay: number): string[] {
  const days = ["2026-01-01", "2026-01-02", "2026-01-05"];
  using log = open();
  for (const day of days) for (let n = 0; n < perDay; n += 1) log.record(line(`${day} é ${n}`), on(day));
  return days;
}

describe("the activity log", () => {
  it("goes on over days and starts with one chain", async () => {
    expect(open().read(all)).toEqual({ lines: [], verified: true });
    fill(2);
    using again = open();
    expect(again.record(line("next"), on("2026-01-05"))).toBe(3);
    expect(again.read(all)).toMatchObject({ verified: true, next: "2026-01-05.3", lines: { length: 7 } });
    expect(again.read({ limit: 1 })).toMatchObject({ verified: true, lines: [{ summary: "next" }] });
    expect(await again.verify()).toEqual({ lines: 7, days: 3 });
    expect(await open().verify()).toMatchObject({ lines: 7 });
  });

  it("is read by kind, by time, and on from a place", () => {
    using log = open();
    log.record(line("in", "login"), on("2026-01-01"));
    log.record({ ...line("made", "token"), at: "2026-11-25T00:00:00.000Z" }, on("2026-01-02"));
    const told = (query: object) => log.read({ limit: 10, ...query }).lines.map(({ summary }) => summary);
    expect([told({ kind: "login" }), told({ since: "2026-11-24T13:00:00.000Z" })]).toEqual([["in"], ["made"]]);
    const { next } = log.read(all);
    expect(told({ after: next })).toEqual([]);
    log.record(line("later"), on("2026-01-02"));
    log.record(line("tomorrow"), on("2026-01-03"));
    expect([told({ after: next }), told({ after: next, kind: "login" })]).toEqual([["later", "tomorrow"], []]);
    expect(told({ after: "2026-01-01.0", limit: 2 })).toEqual(["in", "made"]);
    expect(log.read({ after: "2026-01-01.0", limit: 3 }).next).toBe("2026-01-02.2");
  });

  it("leaves in pages as it stands in its files", () => {
    const days = fill(900);
    using log = open();
    const lines: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = log.page(after);
      if (page.next === undefined) break;
      expect(Buffer.byteLength(page.lines.join("\n"))).toBeLessThan(200_000);
      lines.push(...page.lines);
      after = page.next;
    }
    expect(lines.map((text) => `${text}\n`).join("")).toBe(
      days.map((day) => fs.readFileSync(at(day), "utf8")).join(""),
    );
  });

  it("writes on behind its newest line when the clock was set back", async () => {
    fill(1);
    using log = open();
    log.record(line("back"), on("2025-12-01"));
    expect(log.read({ limit: 1 })).toMatchObject({ next: "2026-01-05.2", lines: [{ summary: "back" }] });
    expect(await log.verify()).toEqual({ lines: 4, days: 3 });
  });

  it("another home's end says nothing about this one", async () => {
    fill(1);
    expect(await open("other").verify()).toEqual({ lines: 3, days: 3 });
  });
});

describe("a changed log", () => {
  /** Numbers that are the same in each run, and told when a test fails. */
  function* random(seed: number): Generator<number, never> {
    for (let state = seed; ;) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      yield state;
    }
  }

  it("is noticed at any of a thousand flipped bits, which names the day", async () => {
    const days = fill(4);
    const numbers = random(7);
    const missed: string[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const day = days[numbers.next().value % days.length] ?? "";
      const before = fs.readFileSync(at(day));
      const bytes = Buffer.from(before);
      const place = numbers.next().value % bytes.length;
      const bit = (numbers.next().value >>> 13) & 7;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      fs.writeFileSync(at(day), bytes);
      const { broken } = await open().verify();
      if (broken === undefined || broken.day < day) missed.push(`${day} byte ${place} bit ${bit}`);
      fs.writeFileSync(at(day), before);
    }
    expect(missed).toEqual([]);
    expect((await open().verify()).broken).toBeUndefined();
  });

  it("is noticed when anything was cut off its end, a day or all of it too", async () => {
    const days = fill(4);
    const last = fs.readFileSync(at("2026-01-05"));
    for (let length = 0; length < last.length; length += 1) {
      fs.writeFileSync(at("2026-01-05"), last.subarray(0, length));
      expect([length, (await open().verify()).broken?.reason]).toEqual([length, expect.stringContaining("missing")]);
    }
    for (const day of days.toReversed()) {
      fs.rmSync(at(day));
      expect((await open().verify()).broken).toBeDefined();
    }
  });

  it("names the first line that is wrong", async () => {
    fill(4);
    const texts = fs.readFileSync(at("2026-01-02"), "utf8").split("\n");
    fs.writeFileSync(at("2026-01-02"), texts.filter((_text, n) => n !== 1).join("\n"));
    expect((await open().verify()).broken).toEqual({
      day: "2026-01-02",
      line: 2,
      reason: "does not go on from the line before",
    });
  });

  it("stays noticed when more is written behind a cut", async () => {
    fill(4);
    const texts = fs.readFileSync(at("2026-01-05"), "utf8").split("\n");
    fs.writeFileSync(at("2026-01-05"), `${texts.slice(0, 2).join("\n")}\n`);
    for (let start = 0; start < 3; start += 1) {
      using log = open();
      log.record(line("on and on"), on("2026-01-06"));
      expect((await log.verify()).broken).toMatchObject({ day: "2026-01-06", line: 1 });
    }
  });

  it("is noticed while it runs, before its end was kept", async () => {
    using log = open();
    for (let n = 0; n < 3; n += 1) log.record(line(`${n}`), on("2026-01-01"));
    const texts = fs.readFileSync(at("2026-01-01"), "utf8").split("\n");
    fs.writeFileSync(at("2026-01-01"), `${texts.slice(0, 2).join("\n")}\n`);
    expect((await log.verify()).broken).toMatchObject({ line: 2, reason: expect.stringContaining("missing") });
  });

  it("a crash that cut off a line nobody was told of is no change", async () => {
    fill(2);
    fs.appendFileSync(at("2026-01-05"), '{"at":"2026');
    expect((await open().verify()).broken).toBeUndefined();
    using log = open();
    log.record(line("on"), on("2026-01-05"));
    expect((await log.verify()).broken).toBeUndefined();
  });
});
