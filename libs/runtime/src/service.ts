import type { Bus } from "@matrix-os/bus";
import type { MessageContext } from "@matrix-os/bus/handled";
import type { AfterAck } from "@matrix-os/bus/work";
import type { CommandContract, Contract, ControlContract, DraftContract, EventContract, RequestContract } from "@matrix-os/contracts/define";
import type { Env } from "./env.ts";
import type { Log } from "./log.ts";
import type { Opening } from "./opening.ts";
import { openAnswer, openFollow, openWork } from "./opening.ts";

/** What a service gets to build its dependencies from. */
export interface Surroundings {
  readonly bus: Bus;
  readonly log: Log;
  /** Aborted when the process begins to drain. */
  readonly signal: AbortSignal;
}

/** One thing that a service hears, bound to its handler. */
export interface Hearing<Deps> {
  readonly contract: Contract;
  readonly how: "answer" | "work" | "follow";
  readonly open: (opening: Opening<Deps>) => AsyncDisposable;
}

/** A service: its name, how it is built, what it hears and what it says. No logic. */
export interface Service<Config = unknown, Deps extends AsyncDisposable = AsyncDisposable> {
  readonly name: string;
  readonly description: string;
  readonly readConfig: (env: Env) => Config;
  readonly createDeps: (config: Config, surroundings: Surroundings) => Promise<Deps>;
  readonly hears: readonly Hearing<Deps>[];
  readonly says: readonly Contract[];
}

/** A service whose own types have been closed over, so that a process can run any list of them. */
export type AnyService = Service<never, never>;

/** Declares a service. */
export function defineService<Config, Deps extends AsyncDisposable>(
  service: Omit<Service<Config, Deps>, "says"> & { says: readonly unknown[] },
): Service<Config, Deps> {
  return { ...service, says: service.says as readonly Contract[] };
}

/** Answers a request; what the handler throws becomes the reply's error. */
export function answer<Request, Reply, Deps>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request, deps: Deps, context: MessageContext) => Promise<Reply>,
): Hearing<Deps> {
  return { contract: contract as never, how: "answer", open: (opening) => openAnswer(contract, handler, opening) };
}

/** Works on commands or durable events, `slots` at a time; acknowledged when the handler resolves. */
export function work<Body, Deps extends { readonly slots: number }>(
  contract: CommandContract<Body> | EventContract<Body>,
  handler: (body: Body, deps: Deps, context: MessageContext) => Promise<AfterAck | void>,
): Hearing<Deps> {
  return { contract: contract as never, how: "work", open: (opening) => openWork(contract, handler, opening) };
}

/** Hears live messages: every process, in order, lossy across disconnects. */
export function follow<Body, Deps>(
  contract: EventContract<Body> | ControlContract<Body> | DraftContract<Body>,
  handler: (body: Body, deps: Deps, context: MessageContext) => Promise<void> | void,
): Hearing<Deps> {
  return { contract: contract as never, how: "follow", open: (opening) => openFollow(contract, handler, opening) };
}
