import type { Block } from "@matrix-os/turn/turn-state";
import { garbled } from "./garbled.ts";

/** A content block that may still grow. */
export interface OpenBlock {
  readonly block: Block;
  /** The text, the thought, or the JSON of a call's arguments so far. */
  text: string;
  signature: string;
  readonly citations: unknown[];
}

/** Which key of a piece grows the block, by the kind of the piece. */
const growing: Readonly<Record<string, { readonly key: string; readonly blocks: ReadonlySet<string> }>> = {
  text_delta: { key: "text", blocks: new Set(["text"]) },
  thinking_delta: { key: "thinking", blocks: new Set(["thinking"]) },
  input_json_delta: { key: "partial_json", blocks: new Set(["tool_use", "server_tool_use", "mcp_tool_use"]) },
  signature_delta: { key: "signature", blocks: new Set(["thinking"]) },
};

/** A block as it begins. A call without a name or an id throws `model-garbled`. */
export function openBlock(block: Block): OpenBlock {
  if (block.type === "tool_use" && !(isName(block["id"]) && isName(block["name"])))
    throw garbled("a tool call has no id or no name");
  const begun = block.type === "text" ? block["text"] : block["thinking"];
  return { block, text: typeof begun === "string" ? begun : "", signature: "", citations: [] };
}

/** Adds a piece; answers the text it brought. Pieces of unknown kinds are passed over. */
export function addDelta(open: OpenBlock, delta: Block): string {
  if (delta.type === "citations_delta") {
    open.citations.push(delta["citation"]);
    return "";
  }
  const grows = growing[delta.type];
  if (grows === undefined) return "";
  const piece = delta[grows.key];
  if (typeof piece !== "string" || !grows.blocks.has(open.block.type))
    throw garbled(`a ${delta.type} does not fit a ${open.block.type} block`);
  if (delta.type === "signature_delta") open.signature += piece;
  else open.text += piece;
  return delta.type === "text_delta" ? piece : "";
}

/** The block when its answer has ended. Arguments that are no JSON throw, unless the output limit cut them off. */
export function toWholeBlock({ block, text, signature, citations }: OpenBlock, stopReason: string): Block {
  if (block.type === "text") return { ...block, text, ...(citations.length === 0 ? {} : { citations }) };
  if (block.type === "thinking") return { ...block, thinking: text, ...(signature === "" ? {} : { signature }) };
  return growing["input_json_delta"]?.blocks.has(block.type) === true ? toWholeCall(block, text, stopReason) : block;
}

function toWholeCall(block: Block, text: string, stopReason: string): Block {
  if (text === "" && isObject(block["input"])) return block;
  const input = toJson(text);
  if (isObject(input)) return { ...block, input };
  if (stopReason === "max_tokens") return { ...block, input: {} };
  throw garbled("the arguments of a tool call are no JSON object");
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= 200;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
