import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { unavailable } from "@matrix-os/contracts/errors";
import { judgeProbe } from "../command/judge-probe.ts";
import { commandLimits } from "../command/limits.ts";
import type { ToolsConfig } from "../config.ts";
import { openOutputFile } from "../disk/output-file.ts";
import type { Architecture } from "../seccomp/syscalls.ts";
import { type Wrapping, launchBubblewrap } from "./bubblewrap.ts";
import { type ControlGroups, findControlGroups } from "./control-groups.ts";
import { openPlace } from "./place.ts";
import { probeScript } from "./probe-script.ts";
import { startJob } from "./run-job.ts";
import type { Sandbox } from "./sandbox.ts";
import { launchUnconfined } from "./unconfined.ts";

const PROBE_SECONDS = 20;
const INSTALL = "Install bubblewrap (Debian: apt-get install bubblewrap) and start Matrix OS again.";
const ALLOW =
  "bubblewrap is there, but this machine does not let it confine programs: allow unprivileged user namespaces (on Ubuntu an AppArmor profile for bwrap; in a container a seccomp profile that lets unshare and mount through and an unmasked /proc), then start again.";
const OTHER_SYSTEM = "Run Matrix OS on Linux (x64 or arm64), such as in a virtual machine.";

/** The strongest sandbox that holds against a real escape attempt here; else none, or, where the owner forced it, no confinement. */
export async function chooseSandbox(config: ToolsConfig): Promise<Sandbox> {
  const architecture = findArchitecture();
  if (architecture === undefined) return withoutSandbox(config, [`no sandbox for ${describeMachine()}`], OTHER_SYSTEM);
  const missing = ["bwrap", "prlimit", "unshare", "setpriv"].filter((name) => !isOnPath(name, config.searchPath));
  if (missing.length > 0) return withoutSandbox(config, [`${missing.join(", ")} not found`], INSTALL);
  const place = openPlace(architecture);
  const groups = findControlGroups(commandLimits);
  const wrapping: Wrapping = {
    place,
    groups,
    isRoot: process.getuid?.() === 0,
    node: process.execPath,
    forwarder: path.join(import.meta.dirname, "forwarder.ts"),
  };
  const sandbox: Sandbox = {
    report: { level: "bubblewrap", why: toReasons(groups) },
    launch: (job) => launchBubblewrap(job, wrapping),
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
  const faults = await tryToEscape(sandbox).catch((error: unknown) => [String(error)]);
  if (faults.length === 0) return sandbox;
  place[Symbol.dispose]();
  return withoutSandbox(config, faults, ALLOW);
}

function toReasons(groups: ControlGroups): string[] {
  return [
    "Namespaces, a system call filter, no network, an unprivileged user: an escape attempt at the start failed.",
    groups.kind === "some"
      ? `Memory and processes are limited by ${groups.what}.`
      : `Memory and processes are limited for each process and watched from outside: ${groups.why}.`,
  ];
}

function withoutSandbox(config: ToolsConfig, faults: readonly string[], remedy: string): Sandbox {
  const why = faults.map((fault) => `${fault}.`);
  if (config.allowsUnconfined) {
    return {
      report: {
        level: "unconfined",
        why: [
          "COMMANDS ARE NOT CONFINED (MATRIX_UNSAFE_SHELL=1): they can read, change and send everything that you can.",
          ...why,
        ],
        remedy,
      },
      launch: launchUnconfined,
      [Symbol.dispose]: () => undefined,
    };
  }
  return {
    report: { level: "none", why, remedy },
    launch: () => {
      throw unavailable("no-sandbox", `commands are refused, no sandbox works here: ${why.join(" ")} ${remedy}`);
    },
    [Symbol.dispose]: () => undefined,
  };
}

function findArchitecture(): Architecture | undefined {
  if (process.platform !== "linux") return undefined;
  return process.arch === "x64" || process.arch === "arm64" ? process.arch : undefined;
}

function describeMachine(): string {
  return `${process.platform} on ${process.arch}`;
}

function isOnPath(name: string, searchPath: string): boolean {
  return searchPath.split(":").some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs a program that tries to get out, beside a file and a port that it must not reach. */
async function tryToEscape(sandbox: Sandbox): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "matrix-probe-"));
  const server = createServer((socket) => socket.destroy());
  try {
    const canary = path.join(folder, "canary");
    writeFileSync(canary, "outside");
    const workFolder = mkdtempSync(path.join(folder, "work-"));
    const port = await listen(server);
    using output = openOutputFile(folder, "probe", commandLimits.outputBytes);
    const job = startJob(
      sandbox,
      {
        argv: ["node", "-e", probeScript, canary, String(port)],
        workFolder,
        timeoutSeconds: PROBE_SECONDS,
        limits: commandLimits,
      },
      output,
    );
    await job.ended;
    return judgeProbe(output.read(0, output.size()).toString());
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
