import { describe, expect, test } from "vitest";
import { toSafeAddress } from "./safe-link.ts";

describe("links in what a model writes", () => {
  test.each(["https://example.com/a?b#c", "http://localhost:3000/", "mailto:ada@example.com"])(
    "%s may be opened",
    (address) => {
      expect(toSafeAddress(address)).toBe(address);
    },
  );

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "/api/v1/undo",
    "//example.com",
    "#top",
    "",
    undefined,
  ])("%j may not", (address) => {
    expect(toSafeAddress(address)).toBeUndefined();
  });
});
