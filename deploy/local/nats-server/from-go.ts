import { join } from "node:path";

import { goModule } from "./pins.ts";
import { runCommand } from "./run-command.ts";
import { findVersion, isAtLeast } from "./version.ts";
import { inspectServer, type Way } from "./way.ts";

/** Builds the pinned Go module; refuses when the Go checksum database, which verifies it, is switched off. */
export const fromGo: Way = {
  name: "go",
  find: async (workFolder) => {
    const go = findVersion(await runCommand(["go", "version"], { timeoutMs: 10_000 })) ?? "unknown";
    if (!isAtLeast(go, goModule.oldestGo)) throw new Error(`go ${go} is older than ${goModule.oldestGo}`);
    const checksums = await runCommand(["go", "env", "GOSUMDB"], { timeoutMs: 10_000 });
    if (checksums.trim() === "off") throw new Error("the Go checksum database is switched off (GOSUMDB=off)");
    await runCommand(["go", "install", `${goModule.path}@${goModule.version}`], {
      timeoutMs: 600_000,
      cwd: workFolder,
      environment: { GOBIN: workFolder, GOTOOLCHAIN: "local", GOPRIVATE: "", GONOSUMDB: "", CGO_ENABLED: "0" },
    });
    return await inspectServer(join(workFolder, "nats-server"));
  },
};
