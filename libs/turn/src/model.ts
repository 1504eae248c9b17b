import type { NoticeCode, Usage } from "@matrix-os/contracts/turn/message";
import type { Block, ModelMessage } from "./turn-state.ts";

/** A tool as the Messages API wants it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: { readonly type: "object"; readonly [key: string]: unknown };
}

/** Everything one model call is made of. */
export interface ModelRequest {
  readonly model: string;
  readonly system: readonly Block[];
  readonly tools: readonly ModelTool[];
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
  /** Who may answer while the model is left alone. */
  readonly fallbackModel?: string | undefined;
}

/** Something that the owner is told beside an answer. */
export interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
}

/** A finished model call. */
export interface ModelAnswer {
  readonly content: readonly Block[];
  readonly stopReason: string;
  readonly usage: Usage;
  readonly model: string;
  /** Who was asked, where the client may choose. */
  readonly asked?: string;
  readonly requestId: string | undefined;
}

/** How a caller listens to a model call and ends it. */
export interface ModelCall {
  readonly signal: AbortSignal;
  /** Text as it comes; a later failure takes it back. */
  readonly onText: (text: string) => void;
  /** What a call that breaks off has used, told before it throws. */
  readonly onUsage?: (usage: Usage) => void;
  /** Something that the owner should see beside the answer. */
  readonly onNotice?: (notice: Notice) => void;
}

/**
 * A model server. Contract: `ask` resolves only with a complete answer, or, when its signal aborts, with what had come by
 * then and the stop reason `stopped`. It throws an `OsError` otherwise: `unavailable` may be tried again, `rejected` may not.
 */
export interface ModelClient {
  ask(request: ModelRequest, call: ModelCall): Promise<ModelAnswer>;
}
