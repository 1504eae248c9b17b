import type { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import type { z } from "zod";
import type { DispatcherDeps } from "../deps.ts";
import { tellStop } from "../nats/tell-stop.ts";

type Request = z.infer<typeof stopSessionRequest.request>;
type Reply = z.infer<typeof stopSessionRequest.reply>;

/** Writes the stop down first, then tells the worker that holds the session; a worker that died in between finds it in the files. */
export async function stopSession(request: Request, deps: DispatcherDeps): Promise<Reply> {
  const { session } = request;
  const { turns } = await deps.bus.request(requestStopRequest, { session });
  if (turns.length === 0) return { turns };
  tellStop(deps.bus, session, turns);
  await deps.bus.command(runTurnCommand, session, { session }).catch((error: unknown) => {
    deps.log.warn({ err: error, session }, "doorbell not rung, the reconciler will");
  });
  return { turns };
}
