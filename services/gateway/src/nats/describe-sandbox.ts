import type { Bus } from "@matrix-os/bus";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import type { SandboxReport } from "@matrix-os/contracts/tools/sandbox-report";

const ANSWER_WITHIN_MS = 1_000;

/** How commands are confined; undefined when the tools service does not answer in a second. */
export async function describeSandbox(bus: Bus): Promise<SandboxReport | undefined> {
  return bus.request(describeToolsRequest, {}, { timeoutMs: ANSWER_WITHIN_MS }).then(
    ({ sandbox }) => sandbox,
    () => undefined,
  );
}
