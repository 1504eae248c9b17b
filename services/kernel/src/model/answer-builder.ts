import { type OsError, rejected, unavailable } from "@matrix-os/contracts/errors";
import { type Usage, noUsage } from "@matrix-os/contracts/turn/message";
import type { ModelAnswer } from "@matrix-os/turn/model";
import type { Block } from "@matrix-os/turn/turn-state";
import { z } from "zod";
import { type OpenBlock, addDelta, openBlock, toWholeBlock } from "./answer-block.ts";
import { garbled } from "./garbled.ts";

/** Bytes of one answer: the bus carries it twice in one message when a turn ends with it. */
const MAX_ANSWER_BYTES = 100_000;
const CHARS_PER_TOKEN = 4;

const count = z.number().nonnegative().catch(0).optional();
const tokens = z
  .looseObject({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  })
  .catch({});
const index = z.number().int().nonnegative();
const streamEvent = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("message_start"),
    message: z.looseObject({
      id: z.string().optional().catch(undefined),
      model: z.string().optional(),
      usage: tokens.optional(),
    }),
  }),
  z.looseObject({
    type: z.literal("content_block_start"),
    index,
    content_block: z.looseObject({ type: z.string() }),
  }),
  z.looseObject({ type: z.literal("content_block_delta"), index, delta: z.looseObject({ type: z.string() }) }),
  z.looseObject({ type: z.literal("content_block_stop"), index }),
  z.looseObject({
    type: z.literal("message_delta"),
    delta: z.looseObject({ stop_reason: z.string().nullish() }),
    usage: tokens.optional(),
  }),
  z.looseObject({ type: z.literal("message_stop") }),
]);
const known = new Set(streamEvent.options.map((option) => option.shape.type.value as string));

/**
 * Builds one answer from the events of a stream, in order, within bounds. What no server that keeps to the protocol says
 * throws `model-garbled`; so an answer is whole or it is none.
 */
export class AnswerBuilder {
  readonly #askedModel: string;
  readonly #blocks: OpenBlock[] = [];
  #model: string | undefined;
  #stopReason: string | undefined;
  #usage: Usage = noUsage;
  #sizeBytes = 0;
  #state: "waiting" | "open" | "whole" = "waiting";

  constructor(askedModel: string) {
    this.#askedModel = askedModel;
  }

  /** Whether the answer has come to its end. */
  get isWhole(): boolean {
    return this.#state === "whole";
  }

  /** Takes an event in; answers the text that it brought. */
  add(event: unknown): string {
    if (this.isWhole) return "";
    if (!isKnown(event)) return "";
    const parsed = streamEvent.safeParse(event);
    if (!parsed.success) throw garbled(`an event does not fit: ${z.prettifyError(parsed.error)}`);
    this.#sizeBytes += Buffer.byteLength(JSON.stringify(event));
    return this.#take(parsed.data);
  }

  /** The whole answer. Throws `model-unreachable` while there is none. */
  toAnswer(): ModelAnswer {
    if (!this.isWhole) throw unavailable("model-unreachable", "the model's answer broke off");
    const stopReason = this.#stopReason ?? "end_turn";
    const content = this.#blocks.map((block) => toWholeBlock(block, stopReason));
    const ids = content.filter(({ type }) => type === "tool_use").map((call) => call["id"]);
    if (new Set(ids).size < ids.length) throw garbled("two calls have one id");
    if (Buffer.byteLength(JSON.stringify(content)) > MAX_ANSWER_BYTES) throw tooLarge();
    return { ...this.#toFrame(content, this.#usage), stopReason };
  }

  /** What was said before the owner stopped it; half a tool call is dropped, it was never asked for completely. */
  toPartialAnswer(): ModelAnswer {
    const said = this.#blocks.flatMap(({ block, text }) => (block.type === "text" && text !== "" ? [text] : []));
    const content = said.map((text): Block => ({ type: "text", text }));
    return { ...this.#toFrame(content, this.toUsageSoFar()), stopReason: "stopped" };
  }

  /** What a call that broke off has used: the tokens that were told, and for the answer at least what its length says. */
  toUsageSoFar(): Usage {
    const chars = this.#blocks.reduce((sum, { text }) => sum + text.length, 0);
    return { ...this.#usage, outputTokens: Math.max(this.#usage.outputTokens, Math.ceil(chars / CHARS_PER_TOKEN)) };
  }

  #toFrame(content: readonly Block[], usage: Usage): Omit<ModelAnswer, "stopReason"> {
    return { content, usage, model: this.#model ?? this.#askedModel, requestId: undefined };
  }

  #take(event: z.infer<typeof streamEvent>): string {
    if (event.type === "message_start") return this.#begin(event.message);
    if (this.#state === "waiting") throw garbled(`${event.type} came before message_start`);
    // An escaped letter may take six bytes and every piece has a frame: the exact size is looked at in the end.
    if (this.#sizeBytes > 20 * MAX_ANSWER_BYTES) throw tooLarge();
    switch (event.type) {
      case "content_block_start":
        return this.#open(event.index, event.content_block);
      case "content_block_delta":
        return addDelta(this.#find(event.index), event.delta);
      case "content_block_stop":
        this.#find(event.index);
        return "";
      case "message_delta":
        this.#stopReason = event.delta.stop_reason ?? this.#stopReason;
        this.#count(event.usage);
        return "";
      case "message_stop":
        this.#state = "whole";
        return "";
      default:
        return event satisfies never;
    }
  }

  #begin(message: {
    readonly model?: string | undefined;
    readonly usage?: z.infer<typeof tokens> | undefined;
  }): string {
    if (this.#state !== "waiting") throw garbled("message_start came twice");
    this.#state = "open";
    this.#model = message.model;
    this.#count(message.usage);
    return "";
  }

  #open(at: number, begun: Block): string {
    if (at !== this.#blocks.length) throw garbled(`block ${at} came out of order`);
    const open = openBlock(begun);
    this.#blocks.push(open);
    return open.block.type === "text" ? open.text : "";
  }

  /** Later counts replace earlier ones: they are sums. */
  #count(told: z.infer<typeof tokens> | undefined): void {
    this.#usage = {
      ...this.#usage,
      inputTokens: told?.input_tokens ?? this.#usage.inputTokens,
      outputTokens: told?.output_tokens ?? this.#usage.outputTokens,
      cacheReadTokens: told?.cache_read_input_tokens ?? this.#usage.cacheReadTokens,
      cacheWriteTokens: told?.cache_creation_input_tokens ?? this.#usage.cacheWriteTokens,
    };
  }

  #find(at: number): OpenBlock {
    const block = this.#blocks[at];
    if (block === undefined || at !== this.#blocks.length - 1) throw garbled(`block ${at} is not open`);
    return block;
  }
}

/** Events of kinds that are not known here belong to newer servers and are passed over. */
function isKnown(event: unknown): boolean {
  if (typeof event !== "object" || event === null || !("type" in event)) throw garbled("an event has no type");
  return typeof event.type !== "string" || known.has(event.type);
}

function tooLarge(): OsError {
  return rejected("model-garbled", `the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
}
