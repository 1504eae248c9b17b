import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { toSafeName, toSafeText } from "./sanitise.ts";

const attacks = [
  "\u001b[2J\u001b[H",
  "\u001b]0;title\u0007",
  "\u001b]52;c;ZXZpbA==\u001b\\",
  "\u009b31m",
  "\u0090q\u009c",
  "a\u0008\u0008b",
  "over\rwritten",
  "\u007f",
  "\u0000",
];

test.each(attacks)("a terminal never gets a control character: %j", (text) => {
  // oxlint-disable-next-line no-control-regex -- that is the point
  expect(toSafeText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  expect(toSafeText(text)).not.toBe("");
});

test("control characters stay visible", () => {
  expect(toSafeText("\u001b[31mred")).toBe("␛[31mred");
  expect(toSafeText("\u007f\u009b")).toBe("␡<009B>");
});

test.each(["plain", "tab\tand\nlines\n", "é 漢字 עברית 👩‍👩‍👧 𝒳 Z̸̢͝", "{{7*7}} ${HOME} `id` <b>", "\u202bחלון\u202c"])(
  "printable text is unchanged: %j",
  (text) => {
    expect(toSafeText(text)).toBe(text);
  },
);

test("a name keeps to its line and its direction", () => {
  expect(toSafeName("a\nb\tc")).toBe("a␊b␉c");
  expect(toSafeName("photo\u202egnp.exe")).toBe("photo<202E>gnp.exe");
  expect(toSafeText("one\r\ntwo")).toBe("one\ntwo");
});

test("a pipe gets everything as it is, a terminal without colours no codes", () => {
  const pipe = createPaint({ isTerminal: false, colours: true });
  expect([pipe.red("\u001b[2J"), pipe.text("\u001b[2J"), pipe.name("a\nb"), pipe.symbol("✗")]).toEqual([
    "\u001b[2J",
    "\u001b[2J",
    "a\nb",
    "",
  ]);
  const plain = createPaint({ isTerminal: true, colours: false });
  expect([plain.red("x"), plain.symbol("✗")]).toEqual(["x", "✗ "]);
  expect(createPaint({ isTerminal: true, colours: true }).red("x")).toBe("\u001b[31mx\u001b[39m");
});
