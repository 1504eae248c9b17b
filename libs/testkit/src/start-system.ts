import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSessionRoute } from "@matrix-os/contracts/api/session";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import type { SessionMessage } from "@matrix-os/contracts/api/session";
import { readPlainEnv } from "./config.ts";
import { eventually } from "./eventually.ts";
import { findDescendants, isAlive, signal } from "./process-tree.ts";
import { tempFolder } from "./temp-folder.ts";

/** What a test may want of the system. */
export interface SystemOptions {
  /** `processes`: every service as a process of its own. */
  readonly split?: "merged" | "processes";
  /** Added to the environment of the start, such as `ANTHROPIC_BASE_URL`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Not set: temporary ones that go with the system. */
  readonly home?: string;
  readonly state?: string;
}

/** A turn that ended. */
export interface FinishedTurn {
  readonly session: string;
  readonly turn: string;
  readonly answer: SessionMessage;
}

/** The whole system, started as its owner starts it. Disposing it leaves no process and no temporary file behind. */
export interface TestSystem extends AsyncDisposable {
  readonly url: () => string;
  readonly token: () => string;
  readonly home: string;
  readonly state: string;
  /** The supervisor and every process below it. */
  readonly pids: () => number[];
  /** What the start has printed so far; its last part when that is long. */
  readonly output: () => string;
  /** Asks the gateway with the owner's token. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** Sends a message and waits until its turn has ended, however it ended. */
  readonly send: (text: string, session?: string) => Promise<FinishedTurn>;
  /** Hands a message in; resolves when it is accepted. */
  readonly accept: (text: string, session?: string) => Promise<{ readonly session: string; readonly turn: string }>;
  readonly untilFinished: (accepted: { readonly session: string; readonly turn: string }) => Promise<FinishedTurn>;
  /** SIGTERM, then waits for the drain. */
  readonly stop: () => Promise<void>;
  /** SIGKILL to all processes at once, as if the power had failed. */
  readonly killAll: () => Promise<void>;
  /** Starts again on the same home and state; resolves when it is ready. */
  readonly restart: () => Promise<void>;
}

const startFile = join(import.meta.dirname, "..", "..", "..", "deploy", "local", "start.ts");
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 12_000;
const TURN_WITHIN_MS = 60_000;
const MAX_KEPT_CHARS = 8_000;

/** Starts the system on free ports and resolves when it is ready. */
export async function startSystem(options: SystemOptions = {}): Promise<TestSystem> {
  const folder = tempFolder("system");
  const places = {
    home: options.home ?? join(folder.path, "home"),
    state: options.state ?? join(folder.path, "state"),
  };
  let running = await launch(options, places);
  const stop = () => end(running, "SIGTERM");
  const killAll = () => end(running, "SIGKILL");
  const api: Api = {
    url: () => running.url,
    token: () => readFileSync(join(places.state, "owner.token"), "utf8").trim(),
  };
  return {
    ...places,
    ...api,
    pids: () => [running.pid, ...findDescendants(running.pid)],
    output: () => running.output(),
    fetch: (path, init) => askGateway(api, path, init),
    accept: (text, session) => accept(api, text, session),
    untilFinished: (accepted) => untilFinished(api, accepted),
    send: async (text, session) => untilFinished(api, await accept(api, text, session)),
    stop,
    killAll,
    restart: async () => {
      await stop();
      running = await launch(options, places);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      folder[Symbol.dispose]();
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly output: () => string;
}

async function launch(
  options: SystemOptions,
  places: { readonly home: string; readonly state: string },
): Promise<Launched> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", startFile], {
    env: toEnv(options, places),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const url = new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-MAX_KEPT_CHARS);
      const ready = /^ready (http\S+)$/m.exec(said)?.[1];
      if (ready !== undefined) resolve(ready);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the start ended with ${code}:\n${said}`)));
    setTimeout(() => reject(new Error(`not ready within ${READY_WITHIN_MS} ms:\n${said}`)), READY_WITHIN_MS).unref();
  });
  const launched = { child, pid: child.pid ?? 0, output: () => said };
  try {
    return { ...launched, url: await url };
  } catch (error) {
    await end(launched, "SIGKILL");
    throw error;
  }
}

function toEnv(options: SystemOptions, places: { readonly home: string; readonly state: string }): NodeJS.ProcessEnv {
  return {
    ...readPlainEnv(),
    MATRIX_HOME: places.home,
    MATRIX_STATE: places.state,
    MATRIX_PORT: "0",
    SPLIT: options.split === "processes" ? "1" : "0",
    ...options.env,
  };
}

/** Ends the supervisor and everything below it; only processes that this system started. */
async function end(launched: Pick<Launched, "child" | "pid">, how: "SIGTERM" | "SIGKILL"): Promise<void> {
  const { child, pid } = launched;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  // Stopped first, it can't start again what is killed below it.
  if (how === "SIGKILL") signal(pid, "SIGSTOP");
  const below = findDescendants(pid);
  if (how === "SIGKILL") for (const descendant of below) signal(descendant, "SIGKILL");
  signal(pid, how);
  const late = setTimeout(() => signal(pid, "SIGKILL"), STOP_WITHIN_MS);
  await exited;
  clearTimeout(late);
  const left = below.filter(isAlive);
  for (const descendant of left) signal(descendant, "SIGKILL");
  await eventually(() => !left.some(isAlive));
}

interface Api {
  readonly url: () => string;
  readonly token: () => string;
}

function askGateway(api: Api, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${api.token()}`);
  return fetch(`${api.url()}${path}`, { ...init, headers });
}

async function accept(api: Api, text: string, session: string | undefined): Promise<{ session: string; turn: string }> {
  const body = JSON.stringify({ text, ...(session === undefined ? {} : { session }) });
  const response = await askGateway(api, toRouteUrl(sendMessageRoute), {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const answer: unknown = await response.json();
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${JSON.stringify(answer)}`);
  const accepted = sendMessageRoute.reply?.parse(answer);
  if (accepted === undefined) throw new TypeError("the route has no reply");
  return { session: accepted.session, turn: accepted.message };
}

const ended = new Set(["done", "failed", "stopped"]);

/** Reads the session until the turn has an answer; a gateway that restarts meanwhile is waited for. */
async function untilFinished(api: Api, { session, turn }: { session: string; turn: string }): Promise<FinishedTurn> {
  const answer = await eventually(
    async () => {
      const response = await askGateway(api, toRouteUrl(readSessionRoute, { params: { session } }));
      const view = readSessionRoute.reply?.parse(await response.json());
      return view?.messages.find(
        (message) => message.turn === turn && message.role === "assistant" && ended.has(message.status ?? ""),
      );
    },
    { withinMs: TURN_WITHIN_MS },
  );
  return { session, turn, answer };
}
