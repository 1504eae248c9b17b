import { createHash } from "node:crypto";
import type { RequestContract } from "@matrix-os/contracts/define";

/** Answers one contract. */
export type Respond = <Request, Reply>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request) => Promise<Reply> | Reply,
) => void;

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
