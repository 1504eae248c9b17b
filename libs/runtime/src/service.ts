import type { Bus } from "@matrix-os/bus";
import type { MessageContext } from "@matrix-os/bus/handled";
import type { WorkResult } from "@matrix-os/bus/work";
import type {
  CommandContract,
  Contract,
  ControlContract,
  DraftContract,
  EventContract,
  RequestContract,
} from "@matrix-os/contracts/define";
import type { Redactor } from "@matrix-os/redaction/redactor";
import type { Env } from "./env.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Opening } from "./opening.ts";
import { openAnswer, openFollow, openWork } from "./opening.ts";
import { type Host, startService } from "./start-service.ts";

/** What a service gets to build its dependencies from. */
export interface Surroundings {
  readonly bus: Bus;
  readonly log: Log;
  /** Knows the secrets of this process and whatever its services teach it; every log line passes it. */
  readonly redactor: Redactor;
  /** The numbers of the process, for a service that shows them. */
  readonly metrics: Metrics;
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
export interface Service<Config, Deps extends AsyncDisposable> {
  readonly name: string;
  readonly description: string;
  readonly readConfig: (env: Env) => Config;
  readonly createDeps: (config: Config, surroundings: Surroundings) => Promise<Deps>;
  readonly hears: readonly Hearing<Deps>[];
  readonly says: readonly Contract[];
}

/** A service whose own types are closed over, so that a process can run any list of them. */
export interface RunnableService {
  readonly name: string;
  readonly hears: readonly Pick<Hearing<never>, "contract" | "how">[];
  readonly says: readonly Contract[];
  /** Throws `ConfigError`, before anything is started. */
  readonly checkConfig: (env: Env) => void;
  readonly start: (host: Host) => Promise<AsyncDisposable>;
}

/** Declares a service. */
export function defineService<Config, Deps extends AsyncDisposable>(
  definition: Omit<Service<Config, Deps>, "says"> & { says: readonly unknown[] },
): RunnableService {
  const service = { ...definition, says: definition.says as readonly Contract[] };
  return {
    ...service,
    checkConfig: (env) => void service.readConfig(env),
    start: (host) => startService(service, host),
  };
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
  handler: (body: Body, deps: Deps, context: MessageContext) => Promise<WorkResult>,
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
