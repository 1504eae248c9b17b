import { describe, expect, test } from "vitest";
import { splitBlocks } from "./split-blocks.ts";

describe("Markdown in blocks", () => {
  test("paragraphs and headings are blocks; joined again they are the text", () => {
    const text = "# Title\n\nOne\nmore\n\n\nTwo";
    expect(splitBlocks(text)).toEqual(["# Title\n\n", "One\nmore\n\n\n", "Two"]);
    expect(splitBlocks(text).join("")).toBe(text);
  });

  test("fenced code is never cut, also while its end has not come yet", () => {
    const open = "Look:\n\n```js\nconst a = 1\n\nconst b = 2\n";
    expect(splitBlocks(open)).toHaveLength(2);
    expect(splitBlocks(`${open}\`\`\`\n\nSo.`)).toHaveLength(3);
    expect(splitBlocks("````\n```\n\nstill code\n````\n\nout")).toHaveLength(2);
  });

  test("lists and quotes with blank lines stay whole", () => {
    expect(splitBlocks("1. one\n\n   more\n\n2. two\n\nafter")).toHaveLength(2);
    expect(splitBlocks("> a\n\n> b\n\nafter")).toHaveLength(2);
  });

  test("nothing is nothing", () => {
    expect(splitBlocks("")).toEqual([]);
  });

  test("a finished block never changes while text grows", () => {
    const text = "A\n\n- x\n\n- y\n\n```\nz\n\n```\n\nB\n\nC";
    let before: string[] = [];
    for (let end = 1; end <= text.length; end += 1) {
      const now = splitBlocks(text.slice(0, end));
      expect(now.length).toBeGreaterThanOrEqual(before.length);
      before = now;
    }
    expect(before.join("")).toBe(text);
  });
});
