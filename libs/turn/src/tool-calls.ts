import type { Bus } from "@matrix-os/bus";
import type { JudgedFacts, Origin, RequestContract } from "@matrix-os/contracts/define";
import { type OsError, toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { toolContracts } from "@matrix-os/contracts/tools";
import type { Action } from "@matrix-os/contracts/policy/action";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { z } from "zod";
import { cutToJsonBytes } from "./cut-text.ts";
import type { ModelTool } from "./model.ts";
import type { CallState } from "./turn-state.ts";

/** Bytes (as JSON) of a tool result that go to the model. */
const MAX_RESULT_BYTES = 100_000;
const RETRY_FOR_MS = 20_000;

type ToolContract = RequestContract & { tool: NonNullable<RequestContract["tool"]> };

const byName = new Map(
  toolContracts
    .filter((contract): contract is ToolContract => contract.tool !== undefined)
    .map((contract) => [contract.tool.name, contract]),
);

/** The tools as the model sees them, always in the same order. */
export function toModelTools(): ModelTool[] {
  return [...byName.values()].map(({ tool }) => ({
    name: tool.name,
    description: tool.description,
    input_schema: toInputSchema(tool.input),
  }));
}

function toInputSchema(input: z.ZodType): ModelTool["input_schema"] {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" });
  return { ...schema, type: "object" };
}

/** The record that must be durable before the call has any effect. */
export function toIntent(call: CallState): TurnRecord {
  const contract = byName.get(call.name);
  return {
    kind: "tool.intent",
    call: call.id,
    name: call.name,
    label: contract?.tool.toLabel(call.input) ?? "",
    args: call.input,
    class: contract?.tool.class ?? "pure",
  };
}

/** Whether calls of this tool may run beside each other. */
export function isPure(name: string): boolean {
  return (byName.get(name)?.tool.class ?? "pure") === "pure";
}

/** What a call runs with; when the signal aborts nobody waits for it any more. */
interface CallSurroundings extends JudgedFacts {
  readonly bus: Bus;
  readonly origin: Origin;
  readonly signal: AbortSignal;
}

/** Runs one call through its contract. A failing tool is a result, never an exception. */
export async function runCall(
  call: CallState,
  { bus, origin, signal, ...judged }: CallSurroundings,
): Promise<TurnRecord> {
  const contract = byName.get(call.name);
  if (contract === undefined) return toResult(call, `there is no tool named ${call.name}`, { how: "failed" });
  const input = contract.tool.input.safeParse(call.input);
  if (!input.success) return toResult(call, `invalid arguments: ${z.prettifyError(input.error)}`, { how: "failed" });
  try {
    const request = contract.tool.toRequest(input.data, { ...origin, call: call.id }, judged);
    // What must not happen twice is sent again only when surely nobody has it.
    const retryAfter = contract.tool.class === "unsafe" ? "not-delivered" : "any-unavailable";
    const reply = await bus.request(contract, request, { retryForMs: RETRY_FOR_MS, retryAfter, signal });
    return toResult(call, contract.tool.toText(reply), {
      how: "done",
      taint: joinTaints(contract.tool.toTaint?.(reply), judged.taint),
    });
  } catch (thrown) {
    const error = toOsError(thrown);
    if (contract.tool.class !== "pure" && error.code === "stopped") return { kind: "tool.doubt", call: call.id };
    if (contract.tool.class === "unsafe" && mayHaveHappened(error)) return { kind: "tool.doubt", call: call.id };
    return toFailure(call, error);
  }
}

function mayHaveHappened(error: OsError): boolean {
  return error.code === "timed-out" || error.code === "bus-down";
}

function toFailure(call: CallState, error: OsError): TurnRecord {
  if (error.code === "stopped") return toResult(call, "stopped by the owner", { how: "failed" });
  const { code, message } = toErrorBody(error);
  if (call.progress === "intended" && error.kind === "rejected") {
    return toResult(
      call,
      `${code}: ${message}. (The call was interrupted by a restart before; it may have been done then.)`,
      { how: "done" },
    );
  }
  return toResult(call, `${code}: ${message}`, { how: "failed" });
}

function toResult(
  call: CallState,
  text: string,
  { how, taint = [] }: { readonly how: "done" | "failed"; readonly taint?: readonly Taint[] | undefined },
): TurnRecord {
  const kept = cutToJsonBytes(text, MAX_RESULT_BYTES);
  const shown = kept === text ? text : `${kept}\n[cut at ${kept.length} of ${text.length} characters]`;
  const labels = taint.length === 0 ? {} : { taint: [...taint] };
  return { kind: "tool.result", call: call.id, text: shown, isError: how === "failed", ...labels };
}

/** What a call would do, or `undefined` when there is no such tool or its arguments don't fit: then it does nothing. */
export function toAction(call: Pick<CallState, "name" | "input">): Action | undefined {
  const tool = byName.get(call.name)?.tool;
  return tool?.input.safeParse(call.input).success === true ? tool.toAction(call.input) : undefined;
}
