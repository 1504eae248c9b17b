import type { Bus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { subscribeFollow } from "@matrix-os/bus/follow";
import type { MessageContext, Observe } from "@matrix-os/bus/handled";
import { type EndpointStats, createEndpointStats } from "@matrix-os/bus/micro";
import { type WorkResult, workOnMessages } from "@matrix-os/bus/work";
import type { KeyedContract, RequestContract } from "@matrix-os/contracts/define";
import { consumers } from "@matrix-os/contracts/streams";

/** What a hearing needs to start listening. */
export interface Opening<Deps> {
  readonly service: string;
  readonly bus: Bus;
  readonly deps: Deps;
  readonly observe: Observe;
  readonly signal: AbortSignal;
  /** Filled by each answering endpoint. */
  readonly endpoints: EndpointStats[];
}

const MAX_ATTEMPTS = 10;
const DRAIN_MS = 8_000;

/** Starts answering a request; disposing waits for the answers under way. */
export function openAnswer<Request, Reply, Deps>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request, deps: Deps, context: MessageContext) => Promise<Reply>,
  opening: Opening<Deps>,
): AsyncDisposable {
  const stats = createEndpointStats(toEndpointName(contract.id), contract.subject, opening.service);
  opening.endpoints.push(stats);
  const running = createRunning();
  const subscription = subscribeAnswer(opening.bus.connection, {
    contract,
    service: opening.service,
    handler: (request, context) => running.track(handler(request, opening.deps, context)),
    observe: opening.observe,
    signal: opening.signal,
    stats,
  });
  return { [Symbol.asyncDispose]: () => drain(subscription, running) };
}

function toEndpointName(contractId: string): string {
  return contractId.replaceAll(".", "-");
}

/** Starts taking messages of a durable consumer; disposing waits for the messages under way. */
export function openWork<Body, Deps extends { readonly slots: number }>(
  contract: KeyedContract<"command" | "event", Body>,
  handler: (body: Body, deps: Deps, context: MessageContext) => Promise<WorkResult>,
  opening: Opening<Deps>,
): AsyncDisposable {
  const consumer = consumers.find(
    (candidate) => candidate.durable === opening.service && candidate.filter === contract.anyKey,
  );
  if (consumer === undefined) throw new TypeError(`${opening.service} has no durable consumer for ${contract.id}`);
  const working = workOnMessages(opening.bus.connection, {
    contract,
    consumer,
    slots: opening.deps.slots,
    maxAttempts: MAX_ATTEMPTS,
    handler: (body, context) => handler(body, opening.deps, context),
    observe: opening.observe,
    signal: opening.signal,
  });
  return { [Symbol.asyncDispose]: () => withinDrainTime(working) };
}

/** Starts hearing live messages; disposing waits for the handlers under way. */
export function openFollow<Body, Deps>(
  contract: KeyedContract<string, Body>,
  handler: (body: Body, deps: Deps, context: MessageContext) => Promise<void> | void,
  opening: Opening<Deps>,
): AsyncDisposable {
  const running = createRunning();
  const subscription = subscribeFollow(opening.bus.connection, {
    contract,
    handler: (body, context) => running.track((async () => handler(body, opening.deps, context))()),
    observe: opening.observe,
    signal: opening.signal,
  });
  return { [Symbol.asyncDispose]: () => drain(subscription, running) };
}

/** No more messages, then the end of those under way. */
async function drain(subscription: { drain(): Promise<void> }, running: Running): Promise<void> {
  await withinDrainTime(subscription.drain());
  await running.settled();
}

interface Running {
  readonly track: <Result>(promise: Promise<Result>) => Promise<Result>;
  readonly settled: () => Promise<void>;
}

function createRunning(): Running {
  const running = new Set<Promise<unknown>>();
  return {
    track: (promise) => {
      running.add(promise);
      const forget = () => running.delete(promise);
      promise.then(forget, forget);
      return promise;
    },
    settled: () => withinDrainTime(Promise.allSettled(running)),
  };
}

async function withinDrainTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([work.catch(() => undefined), deadline]);
  clearTimeout(timer);
}
