import { describe, expect, test } from "vitest";
import { findMissingPermission } from "./permissions.ts";

describe("permissions of an app", () => {
  test("each request needs the one its manifest names", () => {
    expect(findMissingPermission({ id: 1, do: "ask", text: "x" }, ["storage"])).toBe("ask");
    expect(findMissingPermission({ id: 1, do: "files.list", path: "" }, ["storage"])).toBe("files");
    expect(findMissingPermission({ id: 1, do: "notify", title: "x", body: "" }, ["notifications"])).toBeUndefined();
  });

  test("to report a problem and to keep state needs none", () => {
    expect(findMissingPermission({ id: 1, do: "report", message: "x", source: "" }, [])).toBeUndefined();
    expect(findMissingPermission({ id: 1, do: "keep", state: 1 }, [])).toBeUndefined();
  });
});
