import { READY_PATH } from "@matrix-os/contracts/api/probes";
import { eventually } from "@matrix-os/testkit/eventually";
import { type SystemOptions, type TestSystem, startSystem } from "@matrix-os/testkit/start-system";

/** How this run of the suite starts the system: `SPLIT=1` in the environment, each service its own process. */
export const mode = process.env["SPLIT"] === "1" ? "processes" : "merged";

/** Starts the system the way this run of the suite wants it. */
export function startHere(options: Omit<SystemOptions, "split"> = {}): Promise<TestSystem> {
  return startSystem({ ...options, split: mode });
}

/** The environment of a system whose model is this server. */
export function toModelEnv(
  model: { readonly url: string },
  more: Readonly<Record<string, string>> = {},
): { readonly env: Readonly<Record<string, string>> } {
  return { env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key", ...more } };
}

/** Resolves when a system whose parts were killed answers as a whole again. */
export async function untilReady(system: TestSystem): Promise<void> {
  await eventually(async () => (await fetch(`${system.url()}${READY_PATH}`)).status === 200, { withinMs: 20_000 });
}
