import { rejected, toOsError } from "@matrix-os/contracts/errors";
import { type StoredMessage, type Usage, noUsage } from "@matrix-os/contracts/turn/message";
import { mapTexts } from "@matrix-os/redaction/redactor";
import { type History, compact, isTooLong } from "@matrix-os/turn/compact";
import type { ModelClient, Notice } from "@matrix-os/turn/model";
import type { Prompt, TurnDeps } from "@matrix-os/turn/run-turn";
import { toSummaryMessages } from "@matrix-os/turn/summary";
import { toModelTools } from "@matrix-os/turn/tool-calls";
import { toTokens } from "@matrix-os/turn/token-estimate";
import { addUsage, emptyTurn } from "@matrix-os/turn/turn-state";
import { toDay } from "../budget/day.ts";
import type { KernelDeps } from "../deps.ts";
import type { HomeView } from "../nats/home-reader.ts";
import { toHash, toSystemPrompt } from "../prompt/system-prompt.ts";

const MAX_OUTPUT_TOKENS = 16_000;
/** The share that earlier turns may have of what system prompt and tools leave. */
const HISTORY_SHARE = 0.75;
const tools = toModelTools();
const toolsHash = toHash(tools);
const toolsTokens = toTokens(tools);

/** What a prompt is made with. */
export interface PromptDeps extends Pick<KernelDeps, "history" | "config" | "log" | "redactor"> {
  readonly home: HomeView;
  readonly modelName: string;
  /** The model that summarises, paid like every other call. */
  readonly model: ModelClient;
  readonly reserve: TurnDeps["reserve"];
  readonly signal: AbortSignal;
}

/** Everything that a turn is asked with. A history that has outgrown its room is compacted first. */
export async function readPrompt(message: StoredMessage, deps: PromptDeps): Promise<Prompt> {
  const { home, modelName } = deps;
  const { known } = deps.redactor;
  const system = mapTexts(toSystemPrompt({ ...home, today: toDay(new Date(), home.config.timezone) }), known);
  const prompt: Prompt = {
    model: modelName,
    system,
    taint: home.taint,
    tools,
    history: [],
    promptHash: toHash(system),
    toolsHash,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    fallbackModel: deps.config.fallbackModel,
    maxTokens: deps.config.promptTokens,
  };
  const history = mapTexts(await deps.history.read(message.session, message.arrival), known);
  const maxTokens = Math.floor((deps.config.promptTokens - toolsTokens - toTokens(system)) * HISTORY_SHARE);
  if (!isTooLong(history, maxTokens)) return { ...prompt, history: toMessages(history) };
  return withCompacted(prompt, { message, history, maxTokens }, deps);
}

async function withCompacted(
  prompt: Prompt,
  long: { readonly message: StoredMessage; readonly history: History; readonly maxTokens: number },
  deps: PromptDeps,
): Promise<Prompt> {
  const { message, maxTokens } = long;
  let usage: Usage = noUsage;
  const notices: Notice[] = [{ code: "compacted", message: "Earlier turns were summarised to make room." }];
  const add = (more: Usage) => (usage = addUsage(usage, more));
  const history = await compact(long.history, {
    maxTokens,
    ask: async ({ system, question }) => {
      const messages = [{ role: "user" as const, content: [{ type: "text", text: question }] }];
      const asked = { ...prompt, system: [{ type: "text", text: system }], tools: [] };
      if (toTokens([asked.system, messages]) > deps.config.promptTokens)
        throw rejected("budget-spent", "too much to summarise in one request");
      await deps.reserve({ ...asked, history: messages }, { ...emptyTurn, usage });
      const call = { signal: deps.signal, onText: () => undefined, onUsage: add };
      const answer = await deps.model.ask({ ...asked, messages }, { ...call, onNotice: (one) => notices.push(one) });
      add(answer.usage);
      return answer;
    },
  });
  // A turn that was stopped meanwhile asks nothing more, and what it has is no summary to keep.
  if (deps.signal.aborted) return { ...prompt, usage };
  deps.log.info({ session: message.session, turn: message.key, upTo: history.summary?.upTo }, "history compacted");
  if (history.summary !== undefined) await keep(message.session, history.summary, deps);
  return { ...prompt, history: toMessages(history), usage, notices };
}

/** A summary that can't be kept serves this turn and is made again for the next. */
async function keep(session: string, summary: NonNullable<History["summary"]>, deps: PromptDeps): Promise<void> {
  await deps.history.keep(session, summary).catch((thrown: unknown) => {
    deps.log.warn({ err: toOsError(thrown), session }, "a summary was not kept");
  });
}

function toMessages({ summary, exchanges }: History): Prompt["history"] {
  return [...toSummaryMessages(summary), ...exchanges.flatMap(({ messages }) => messages)];
}
