import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { createRedactor } from "@matrix-os/redaction/redactor";
import { expect, test } from "vitest";
import { redactRecord } from "../src/redact-record.ts";

const redactor = createRedactor();
redactor.learn("HORSE", "corr3ct-horse-battery");
const shape = ["AKIA", "ABCDEFGHIJKLMNOP"].join("");
const both = `corr3ct-horse-battery ${shape}`;
const error = { kind: "rejected" as const, code: "model-refused" as const, message: both };
const redact = (record: TurnRecord) => JSON.stringify(redactRecord(record, redactor));

test.each([
  { kind: "tool.result", call: "c", text: both, isError: false },
  { kind: "model.failed", step: 1, attempt: 1, error },
] satisfies TurnRecord[])("$kind loses known secrets and shapes", (record) => {
  expect(redact(record)).toContain("[secret HORSE] [secret]");
});

test.each([
  { kind: "tool.intent", call: "c", name: "n", label: both, args: { deep: [both] }, class: "pure" },
  { kind: "steer", input: { ...exampleMessage, text: both } },
  { kind: "end", status: "done", text: both, usage: noUsage },
  {
    kind: "model.response",
    step: 1,
    stopReason: "tool_use",
    usage: noUsage,
    model: "m",
    content: [
      { type: "text", text: both },
      { type: "tool_use", id: "c", name: "n", input: { path: both } },
    ],
  },
] satisfies TurnRecord[])("$kind loses known secrets only: it is acted upon", (record) => {
  const kept = redact(record);
  expect(kept).not.toContain("corr3ct");
  expect(kept).toContain(`[secret HORSE] ${shape}`);
});

test("what a server has signed stays as it is", () => {
  const content = [{ type: "thinking", thinking: both, signature: "s" }];
  const record: TurnRecord = {
    kind: "model.response",
    step: 1,
    stopReason: "end_turn",
    usage: noUsage,
    model: "m",
    content,
  };
  expect(redactRecord(record, redactor)).toEqual(record);
});
