import type { listAsksRequest } from "@matrix-os/contracts/file/list-asks.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

type Reply = z.infer<typeof listAsksRequest.reply>;

const MAX_PAGE_BYTES = 200_000;

/** Lists questions that wait for the owner; what does not fit comes when others are answered. */
export async function listAsks({ session }: z.infer<typeof listAsksRequest.request>, deps: FileDeps): Promise<Reply> {
  const asks: Reply["asks"] = [];
  let room = MAX_PAGE_BYTES;
  for (const question of deps.asks.pending(session, new Date())) {
    room -= Buffer.byteLength(JSON.stringify(question));
    if (room < 0 && asks.length > 0) return { asks, more: true };
    asks.push(question);
  }
  return { asks, more: false };
}
