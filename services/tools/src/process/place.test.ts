import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openPlace } from "./place.ts";

const NOBODY = 999_999_999;

function makeLeftover(): string {
  return mkdtempSync(join(tmpdir(), `matrix-sandbox-${NOBODY}-`));
}

test("a place of a process that was killed goes with the next start", () => {
  const leftover = makeLeftover();
  using place = openPlace("x64");
  expect(existsSync(leftover)).toBe(false);
  expect(existsSync(place.seccomp)).toBe(true);
});

test.runIf(process.getuid?.() === 0)(
  "one that can't be removed, or that another start removes, holds nobody up",
  () => {
    const leftover = makeLeftover();
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", leftover]);
    try {
      using place = openPlace("x64");
      expect(existsSync(place.seccomp)).toBe(true);
    } finally {
      execFileSync("umount", [leftover]);
    }
    openPlace("x64")[Symbol.dispose]();
    expect(existsSync(leftover)).toBe(false);
  },
);
