import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

const ANSWER_WITHIN_MS = 3_000;

/** The desktop session's keyring (Secret Service), asked through `secret-tool` of libsecret. */
export interface Keyring {
  /** The key under this id, or `undefined` when there is none or the keyring can't be reached. */
  find(id: string): Promise<Buffer | undefined>;
  /** Whether the key was kept: it was read back the same. */
  keep(id: string, key: Buffer): Promise<boolean>;
}

/** A keyring reached with this environment; without one there is none. */
export function createKeyring(env: Readonly<Record<string, string>> | undefined): Keyring {
  const run = async (args: readonly string[], input: string) => (env === undefined ? undefined : ask(args, input, env));
  const find = async (id: string): Promise<Buffer | undefined> => {
    const found = await run(["lookup", ...toAttributes(id)], "");
    const key = Buffer.from(found?.trim() ?? "", "base64");
    return key.length === 32 ? key : undefined;
  };
  return {
    find,
    keep: async (id, key) => {
      // The key goes in by standard input: arguments are for everybody to read.
      await run(["store", "--label=Matrix OS vault", ...toAttributes(id)], key.toString("base64"));
      return (await find(id))?.equals(key) === true;
    },
  };
}

function toAttributes(id: string): string[] {
  return ["service", "matrix-os", "vault", id];
}

/** What the program printed, or `undefined` when it is missing, refuses, or asks a person and waits. */
async function ask(
  args: readonly string[],
  input: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const child = spawn("secret-tool", args, {
    env,
    stdio: ["pipe", "pipe", "ignore"],
    timeout: ANSWER_WITHIN_MS,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [printed, isDone] = await Promise.all([text(child.stdout).catch(() => ""), ended]);
  return isDone ? printed : undefined;
}
