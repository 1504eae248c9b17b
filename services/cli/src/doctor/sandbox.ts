import type { Status } from "@matrix-os/contracts/api/status";
import { type Finding, ok, warn } from "./finding.ts";

/** How commands are confined. Nothing to tell while the tools service is down: that is a finding of its own. */
export function judgeSandbox({ sandbox }: Pick<Status, "sandbox">): Finding[] {
  if (sandbox === undefined) return [];
  const why = sandbox.why.join(" ");
  const remedy = sandbox.remedy ?? "See: matrixos logs --service tools";
  switch (sandbox.level) {
    case "bubblewrap":
      return [ok("sandbox", `Commands run in bubblewrap. ${why}`)];
    case "unconfined":
      return [warn("sandbox", why, `Start without MATRIX_UNSAFE_SHELL=1. ${remedy}`)];
    case "none":
      return [warn("sandbox", `Commands are refused, no sandbox works here: ${why}`, remedy)];
    default:
      return sandbox.level satisfies never;
  }
}
