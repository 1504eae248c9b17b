import type { Step } from "@matrix-os/contracts/turn/message";
import { expect, test } from "vitest";
import { count, toStepSummary, toStepWords } from "./step-words.ts";

function step(tool: string, state: Step["state"], label = "a.md"): Step {
  return { call: `${tool}${label}`, tool, label, state };
}

test("a step is told as it runs and when it is done; a tool that is not known by its own name", () => {
  expect(toStepWords(step("write_file", "running"))).toEqual({ icon: "edit", verb: "Writing" });
  expect(toStepWords(step("write_file", "done"))).toEqual({ icon: "edit", verb: "Wrote" });
  expect(toStepWords(step("feed_the_cat", "done"))).toEqual({ icon: "tool", verb: "feed the cat" });
});

test("a turn's steps come to one line that counts each file once and hides no failure", () => {
  const steps = [
    step("write_file", "done"),
    step("edit_file", "done"),
    step("write_file", "done", "b.md"),
    step("read_file", "failed"),
    step("undo", "in-doubt"),
  ];
  expect(toStepSummary(steps)).toBe("5 steps · 2 files written · 1 failed · 1 in doubt");
  expect(toStepSummary([step("read_file", "done")])).toBe("1 step");
  expect(count(1_200, "file")).toBe("1,200 files");
});
