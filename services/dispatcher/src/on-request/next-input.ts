import type { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import type { z } from "zod";
import type { DispatcherDeps } from "../deps.ts";

type Request = z.infer<typeof nextInputRequest.request>;
type Reply = z.infer<typeof nextInputRequest.reply>;

/** The oldest unfinished message of a session: turns run in arrival order, one at a time. */
export async function nextInput(request: Request, deps: DispatcherDeps): Promise<Reply> {
  const { open } = await deps.bus.request(listOpenRequest, {
    session: request.session,
    heads: true,
    afterArrival: 0,
    limit: 1,
  });
  const head = open[0];
  if (head === undefined) return {};
  return { input: head.message, ...(head.othersMayJoin === true ? { othersMayJoin: true } : {}) };
}
