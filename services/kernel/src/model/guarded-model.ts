import { type OsError, toOsError, unavailable } from "@matrix-os/contracts/errors";
import type { Log } from "@matrix-os/runtime/log";
import type { ModelAnswer, ModelCall, ModelClient, ModelRequest } from "@matrix-os/turn/model";
import { type CircuitBreaker, OPEN_AFTER_FAILURES, createCircuitBreaker } from "./circuit-breaker.ts";

/** Models whose failures are counted; an owner has two or three. */
const MAX_MODELS = 20;

/** A model client that leaves a failing model alone, asks the fallback meanwhile, and knows what the owner should repair. */
export interface GuardedModel extends ModelClient {
  /** A sentence for the owner while the account's limit is reached. */
  readonly problem: () => string | undefined;
}

/** What a guard needs; `now` in milliseconds, by a clock that never goes back. */
export interface GuardDeps {
  readonly log: Pick<Log, "warn">;
  readonly now: () => number;
}

/** Puts a circuit breaker before each model of a server. */
export function createGuardedModel(client: ModelClient, deps: GuardDeps): GuardedModel {
  const state: State = { client, deps, breakers: new Map(), problem: undefined };
  return { ask: (request, call) => ask(state, request, call), problem: () => state.problem };
}

interface State {
  readonly client: ModelClient;
  readonly deps: GuardDeps;
  readonly breakers: Map<string, CircuitBreaker>;
  problem: string | undefined;
}

async function ask(state: State, request: ModelRequest, call: ModelCall): Promise<ModelAnswer> {
  const { model, fallbackModel } = request;
  const breaker = findBreaker(state, model);
  const waitMs = breaker.admit();
  if (waitMs === 0) return askThrough(state, breaker, { request, call });
  if (fallbackModel !== undefined && fallbackModel !== model)
    return ask(state, { ...request, model: fallbackModel, fallbackModel: undefined }, call);
  const retryAfterMs = Math.ceil(waitMs);
  const seconds = Math.ceil(waitMs / 1_000);
  const message = `${model} failed ${OPEN_AFTER_FAILURES} times in a row; it is asked again in ${seconds} s`;
  throw unavailable("model-unreachable", message, { retryAfterMs });
}

async function askThrough(
  state: State,
  breaker: CircuitBreaker,
  { request, call }: { readonly request: ModelRequest; readonly call: ModelCall },
): Promise<ModelAnswer> {
  try {
    const answer = await state.client.ask(request, call);
    breaker.settle(answer.stopReason === "stopped" ? "unknown" : "succeeded");
    state.problem = undefined;
    return { ...answer, asked: request.model };
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "model-limit") state.problem = `The model can't be asked: ${error.message}.`;
    if (breaker.settle(toVerdict(error)))
      state.deps.log.warn(
        { model: request.model, code: error.code },
        "the model fails again and again; it is left alone",
      );
    throw thrown;
  }
}

/** A server that refuses, or that names a time, works. */
function toVerdict(error: OsError): "failed" | "succeeded" | "unknown" {
  if (error.kind === "rejected") return "succeeded";
  return error.retryAfterMs === undefined ? "failed" : "unknown";
}

function findBreaker({ breakers, deps }: State, model: string): CircuitBreaker {
  const known = breakers.get(model);
  if (known !== undefined) return known;
  const breaker = createCircuitBreaker(deps.now);
  breakers.set(model, breaker);
  if (breakers.size > MAX_MODELS) breakers.delete(breakers.keys().next().value ?? "");
  return breaker;
}
