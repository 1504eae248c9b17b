import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** The state directory while this system runs: made private, and held by this process alone. */
export interface StateFolder extends Disposable {
  readonly path: string;
  /** Notes a child that must not outlive a killed supervisor. */
  readonly noteBroker: (pid: number) => void;
}

/** Opens the state directory (0700). Throws `StartError` when another running system holds it. */
export function openStateFolder(path: string): StateFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  mkdirSync(join(path, "logs"), { recursive: true, mode: 0o700 });
  const lock = join(path, "running.pid");
  takeLock(lock);
  const broker = join(path, "broker.pid");
  endOrphan(broker, path);
  return {
    path,
    noteBroker: (pid) => {
      try {
        writeFileSync(broker, String(pid), { mode: 0o600 });
      } catch {
        // On a full disk the broker matters more than the note, which only helps after a kill.
      }
    },
    [Symbol.dispose]: () => {
      rmSync(broker, { force: true });
      rmSync(lock, { force: true });
    },
  };
}

function takeLock(lock: string): void {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
      const holder = Number(readText(lock));
      if (isSupervisor(holder)) {
        throw new StartError(
          `Matrix OS is running already with this state (process ${holder}); stop it first, or set MATRIX_STATE and MATRIX_HOME`,
          { cause },
        );
      }
      rmSync(lock, { force: true });
    }
  }
}

/** A broker whose supervisor was killed would share its store with the next one. */
function endOrphan(noted: string, state: string): void {
  const pid = Number(readText(noted));
  if (pid > 0 && readCommand(pid).includes(state)) process.kill(pid, "SIGKILL");
  rmSync(noted, { force: true });
}

function isSupervisor(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = readCommand(pid);
  return command === "" || command.includes("start.ts");
}

/** The command line of a process where the system tells it, else nothing. */
function readCommand(pid: number): string {
  return readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Reads a secret file, making it (0600) on first use. */
export function readOrMakeSecret(path: string): string {
  const present = readText(path);
  if (present !== "") return present;
  const made = randomBytes(32).toString("base64url");
  writeFileSync(path, made, { mode: 0o600 });
  return made;
}
