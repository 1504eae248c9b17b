import { expect, test } from "vitest";

import { byNewest, findVersion, isAtLeast } from "./version.ts";

test("a version is found in what programs print", () => {
  expect(findVersion("nats-server: v2.15.1\n")).toBe("2.15.1");
  expect(findVersion("go version go1.26 linux/amd64")).toBe("1.26.0");
  expect(findVersion("none")).toBeUndefined();
});

test("versions compare by number, not by text", () => {
  expect(isAtLeast("2.12.0", "2.12.0")).toBe(true);
  expect(isAtLeast("2.9.10", "2.12.0")).toBe(false);
  expect(isAtLeast("10.0", "2.12.0")).toBe(true);
  expect(isAtLeast("unknown", "2.12.0")).toBe(false);
});

test("the newest comes first", () => {
  expect(["2.9.1", "2.15.1", "x", "2.12.0"].toSorted(byNewest)).toEqual(["2.15.1", "2.12.0", "2.9.1", "x"]);
});
