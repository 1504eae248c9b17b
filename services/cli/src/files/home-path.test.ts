import { expect, test } from "vitest";
import { toHomePath } from "./home-path.ts";

test.each([
  ["notes/a.md", "notes/a.md"],
  ["./notes/", "notes"],
  ["/home/me/os/apps/x", "apps/x"],
  ["/home/me/os", ""],
  [".", ""],
  ["/etc/passwd", "/etc/passwd"],
  ["/home/me/os2/x", "/home/me/os2/x"],
  [".hidden", ".hidden"],
])("%s means %s", (typed, path) => {
  expect(toHomePath(typed, "/home/me/os")).toBe(path);
});
