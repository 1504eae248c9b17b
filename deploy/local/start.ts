import { ConfigError } from "@matrix-os/runtime/env";
import { readLocalConfig } from "./config.ts";
import { StartError } from "./supervisor/start-error.ts";
import { startSystem } from "./supervisor/start-system.ts";

try {
  const startedAt = performance.now();
  const config = readLocalConfig();
  const system = await startSystem(config);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`ready ${system.url}\n`);
  const link = await system.createLoginLink().catch(() => undefined); // A stop may come this early.
  if (link !== undefined) process.stdout.write(`log in: ${link}\n`);
  if (config.needsRehearsal) {
    process.stdout.write(
      "model: rehearsal (a scripted stand-in; set ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL for a real one)\n",
    );
  }
  process.stdout.write(`home: ${config.home} (up in ${seconds} s, Ctrl-C stops)\n`);
  await system.stopped;
} catch (error) {
  if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
