import { expect, test } from "vitest";
import { judgeSandbox } from "./sandbox.ts";

test("each level is told with its reasons; what is weaker than it should be warns with a remedy", () => {
  const judge = (level: "bubblewrap" | "unconfined" | "none", remedy?: string) =>
    judgeSandbox({ sandbox: { level, why: ["So it is."], ...(remedy === undefined ? {} : { remedy }) } });
  expect(judge("bubblewrap")).toEqual([
    { check: "sandbox", level: "ok", sentence: "Commands run in bubblewrap. So it is." },
  ]);
  expect(judge("none", "Install it.")).toMatchObject([{ level: "warn", remedy: "Install it." }]);
  expect(judge("unconfined", "Install it.")).toMatchObject([
    { level: "warn", remedy: expect.stringContaining("MATRIX_UNSAFE_SHELL") },
  ]);
  expect(judgeSandbox({})).toEqual([]);
});
