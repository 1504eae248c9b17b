import { expect, test } from "vitest";
import { createAnswerText } from "./answer-text.ts";

const delta = (step: number, number: number, text: string) => ({ step, number, text });

test("text on its way is said at once, what follows is only the rest", () => {
  const answer = createAnswerText();
  expect(answer.addDelta(delta(1, 0, "\nHello "))).toBe("Hello");
  expect(answer.addDelta(delta(1, 1, "world"))).toBe(" world");
  expect(answer.addDelta(delta(1, 2, "!\n\n"))).toBe("!");
  expect(answer.addText(1, "Hello world! And more.")).toBe(" And more.");
  expect(answer.finish("Hello world! And more.")).toBe("");
});

test("after a missed number the final text says the rest", () => {
  const answer = createAnswerText();
  expect(answer.addDelta(delta(1, 0, "One"))).toBe("One");
  expect(answer.addDelta(delta(1, 2, "three"))).toBe("");
  expect(answer.addText(1, "One two three")).toBe(" two three");
});

test("drafts heard only from the middle on are not said", () => {
  const answer = createAnswerText();
  expect(answer.addDelta(delta(1, 5, "middle"))).toBe("");
  expect(answer.addText(1, "From the middle")).toBe("From the middle");
});

test("a step begun anew is said whole after what was said of it", () => {
  const answer = createAnswerText();
  answer.addDelta(delta(1, 0, "First try"));
  expect(answer.addDelta(delta(1, 0, "Second"))).toBe("");
  expect(answer.addText(1, "Second try")).toBe("\n\nSecond try");
});

test("steps are set apart by a blank line, drafts that come too late are not said", () => {
  const answer = createAnswerText();
  expect(answer.addText(1, "One")).toBe("One");
  expect(answer.addDelta(delta(1, 0, "One"))).toBe("");
  expect(answer.addDelta(delta(2, 0, "Two"))).toBe("\n\nTwo");
  expect(answer.addText(2, "Two")).toBe("");
  expect(answer.finish("Two")).toBe("");
});

test("a final text that no step said is said at the end", () => {
  const answer = createAnswerText();
  expect(answer.finish("Only at the end")).toBe("Only at the end");
});
