import type { steerControl } from "@matrix-os/contracts/kernel/steer.control";
import type { z } from "zod";
import type { KernelDeps } from "../deps.ts";

/** The turn that this process runs for the session looks for messages that join it before its next model request. */
export function steer({ session }: z.infer<typeof steerControl.body>, deps: Pick<KernelDeps, "worked">): void {
  const worked = deps.worked.get(session);
  if (worked !== undefined) worked.othersMayJoin = true;
}
