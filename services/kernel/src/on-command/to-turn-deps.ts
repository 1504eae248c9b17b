import { readJoiningRequest } from "@matrix-os/contracts/dispatcher/read-joining.request";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import type { ConfigFile } from "@matrix-os/contracts/home/config-file";
import type { StoredMessage, Usage } from "@matrix-os/contracts/turn/message";
import { mapTexts } from "@matrix-os/redaction/redactor";
import type { ModelClient } from "@matrix-os/turn/model";
import type { Prompt, TurnDeps } from "@matrix-os/turn/run-turn";
import type { TurnState } from "@matrix-os/turn/turn-state";
import { toModelTools } from "@matrix-os/turn/tool-calls";
import { toDay } from "../budget/day.ts";
import { toCostUsd, toPrice } from "../budget/price.ts";
import { reserve } from "../nats/reserve.ts";
import type { KernelDeps } from "../deps.ts";
import type { HomeView } from "../nats/home-reader.ts";
import type { ModelLine } from "../model/model-source.ts";
import { toHash, toSystemPrompt } from "../prompt/system-prompt.ts";

const MAX_OUTPUT_TOKENS = 16_000;
const MS_PER_MINUTE = 60_000;
const RETRY_FOR_MS = 20_000;
const tools = toModelTools();
const toolsHash = toHash(tools);

/** What a turn runs with: the owner's settings as they are now, the prompt, the money. */
export async function toTurnDeps(
  message: StoredMessage,
  deps: KernelDeps,
  signals: Pick<TurnDeps, "stop" | "letGo">,
): Promise<TurnDeps> {
  const [home] = await Promise.all([deps.home.read(), deps.vault.read()]);
  const line = deps.model.now();
  const { budgets } = home.config;
  const modelName = await deps.choice.name(line.access, home.config).catch(() => "unknown");
  const price = toPrice(modelName, home.config, line.access.provider);
  const hold: Hold = { usd: 0 };
  return {
    ...signals,
    bus: deps.bus,
    owner: deps.config.owner,
    model: withCost(deps, home.config, { line, hold }),
    redact: deps.redactor,
    limits: {
      steps: budgets.steps,
      toolCalls: budgets.toolCalls,
      durationMs: budgets.minutes * MS_PER_MINUTE,
      costUsd: budgets.turnUsd,
      modelAttempts: deps.config.modelAttempts,
    },
    readJoining: (state) => readJoining(message, state, deps),
    readPrompt: () => readPrompt(message, deps, { home, modelName }),
    reserve: async (prompt, state) => {
      const { outstanding } = deps;
      hold.usd = await reserve(prompt, state, { bus: deps.bus, message, config: home.config, price, outstanding });
      return hold.usd;
    },
  };
}

/** Asks only when something may wait, so that a plain turn pays nothing for it. */
async function readJoining(message: StoredMessage, state: TurnState, deps: KernelDeps): Promise<StoredMessage[]> {
  const worked = deps.worked.get(message.session);
  if (worked === undefined || !worked.othersMayJoin) return [];
  worked.othersMayJoin = false;
  const joined = state.joined.map(({ input }) => input.key);
  const { session, key: turn } = message;
  const asked = { session, turn, joined, hasBegun: state.steps.length > 0 };
  const { messages } = await deps.bus.request(readJoiningRequest, asked, { retryForMs: RETRY_FOR_MS });
  return messages;
}

async function readPrompt(
  message: StoredMessage,
  deps: KernelDeps,
  with_: { home: HomeView; modelName: string },
): Promise<Prompt> {
  const { home, modelName } = with_;
  const history = await deps.history.read(message.session, message.arrival);
  const today = toDay(new Date(), home.config.timezone);
  const system = mapTexts(toSystemPrompt({ ...home, today }), deps.redactor.known);
  return {
    model: modelName,
    system,
    tools,
    history: mapTexts(history, deps.redactor.known),
    promptHash: toHash(system),
    toolsHash,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
}

/** What the call under way of one turn has reserved. */
interface Hold {
  usd: number;
}

interface Paid {
  readonly line: ModelLine;
  readonly hold: Hold;
}

/** Puts the money on each answer, adds it to the day, and lets go of what was reserved. */
function withCost(deps: KernelDeps, config: ConfigFile, { line, hold }: Paid): ModelClient {
  return {
    ask: async (request, call) => {
      try {
        const answer = await toNewestLine(line, deps).client.ask(request, call);
        const price = toPrice(request.model, config, line.access.provider);
        const usage = { ...answer.usage, costUsd: toCostUsd(answer.usage, price) };
        if (usage.costUsd > 0) await addToDay(deps, toDay(new Date(), config.timezone), usage);
        return { ...answer, usage };
      } finally {
        deps.outstanding.usd -= hold.usd;
        hold.usd = 0;
      }
    },
  };
}

/** A turn stays with the server that it began with, but a key that was rotated meanwhile counts at once. */
function toNewestLine(line: ModelLine, deps: KernelDeps): ModelLine {
  const now = deps.model.now();
  return now.access.provider === line.access.provider ? now : line;
}

/** The answer is paid for by now: a sum that can't be written must not throw it away. */
async function addToDay(deps: KernelDeps, day: string, usage: Usage): Promise<void> {
  await deps.bus.request(recordUsageRequest, { day, usage }, { retryForMs: RETRY_FOR_MS }).catch((error: unknown) => {
    deps.log.error({ err: error, day, costUsd: usage.costUsd }, "the day's sum misses a call");
  });
}
