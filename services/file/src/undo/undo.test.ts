import { describe, expect, it } from "vitest";
import { planReversePatch } from "./reverse-patch.ts";

const file = (blob: string, mode = 0o644) => ({ type: "file", mode, blob }) as const;

describe("a reverse patch", () => {
  it.each([
    ["restores what the entry changed", [{ before: file("1"), after: file("2") }], file("2"), "restore"],
    ["removes what the entry made", [{ before: undefined, after: file("2") }], file("2"), "restore"],
    ["restores a mode", [{ before: file("1", 0o600), after: file("1") }], file("1"), "restore"],
    ["leaves what changed since", [{ before: file("1"), after: file("2") }], file("3"), "conflict"],
    ["leaves what changed its mode since", [{ before: file("1"), after: file("2") }], file("2", 0o600), "conflict"],
    ["needs nothing when it is as before already", [{ before: file("1"), after: file("2") }], file("1"), "nothing"],
    [
      "needs nothing when the entry itself went back",
      [
        { before: file("1"), after: file("2") },
        { before: file("2"), after: file("1") },
      ],
      file("3"),
      "nothing",
    ],
    [
      "leaves what others changed in between",
      [
        { before: file("1"), after: file("2") },
        { before: file("x"), after: file("3") },
      ],
      file("3"),
      "conflict",
    ],
  ] as const)("%s", (...[, touches, current, expected]) => {
    const { restore, conflicts } = planReversePatch([{ path: "p", touches, current }]);
    expect([restore.length, conflicts.length]).toEqual([
      expected === "restore" ? 1 : 0,
      expected === "conflict" ? 1 : 0,
    ]);
  });

  it("never touches what others own", () => {
    const touches = [{ before: file("1"), after: file("2") }];
    expect(planReversePatch([{ path: "system/policy/p", touches, current: file("2") }]).conflicts).toEqual([
      "system/policy/p",
    ]);
  });
});
