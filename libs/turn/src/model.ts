import type { Usage } from "@matrix-os/contracts/turn/message";
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
}

/** A finished model call. */
export interface ModelAnswer {
  readonly content: readonly Block[];
  readonly stopReason: string;
  readonly usage: Usage;
  readonly model: string;
  readonly requestId: string | undefined;
}

/** How a caller listens to a model call and ends it. */
export interface ModelCall {
  readonly signal: AbortSignal;
  /** Text as it comes; a later failure takes it back. */
  readonly onText: (text: string) => void;
}

/**
 * A model server. Contract: `ask` resolves only with a complete answer, or, when its signal aborts, with what had come by
 * then and the stop reason `stopped`. It throws an `OsError` otherwise: `unavailable` may be tried again, `rejected` may not.
 */
export interface ModelClient {
  ask(request: ModelRequest, call: ModelCall): Promise<ModelAnswer>;
}
