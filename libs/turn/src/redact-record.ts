import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { type Redactor, mapTexts } from "@matrix-os/redaction/redactor";

/**
 * A record as it may enter the journal, and with it the next model call, the transcript and every shell. Results and errors
 * lose whatever has a secret's shape; what is acted upon (questions, arguments) loses only secrets that are known, so that an
 * example of a key stays an example. Blocks that the server has signed stay as they are.
 */
export function redactRecord(record: TurnRecord, redactor: Pick<Redactor, "text" | "known">): TurnRecord {
  switch (record.kind) {
    case "begin":
    case "steer":
      return { ...record, input: { ...record.input, text: redactor.known(record.input.text) } };
    case "model.response":
      return { ...record, content: record.content.map((block) => redactBlock(block, redactor.known)) };
    case "tool.intent":
      return { ...record, label: redactor.known(record.label), args: mapTexts(record.args, redactor.known) };
    case "ask":
      return { ...record, words: mapTexts(record.words, redactor.known) };
    case "tool.result":
      return { ...record, text: redactor.text(record.text) };
    case "model.failed":
      return { ...record, error: { ...record.error, message: redactor.text(record.error.message) } };
    case "end":
      return {
        ...record,
        text: redactor.known(record.text),
        ...(record.error === undefined
          ? {}
          : { error: { ...record.error, message: redactor.text(record.error.message) } }),
      };
    default:
      return record;
  }
}

type ResponseBlock = Extract<TurnRecord, { kind: "model.response" }>["content"][number];

function redactBlock(block: ResponseBlock, known: (text: string) => string): ResponseBlock {
  if (block.type === "text") return { ...block, text: known(String(block["text"])) };
  return block.type === "tool_use" ? { ...block, input: mapTexts(block["input"], known) } : block;
}
