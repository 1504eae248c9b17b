import { unavailable } from "@matrix-os/contracts/errors";
import type { ToolsDeps } from "../deps.ts";
import { webLimits } from "../web/web-limits.ts";

/** Does the work if fewer than `webLimits.atOnce` are at it. Errors: `busy`. */
export async function withPlace<Done>({ web }: Pick<ToolsDeps, "web">, work: () => Promise<Done>): Promise<Done> {
  if (web.running >= webLimits.atOnce)
    throw unavailable("busy", `${webLimits.atOnce} pages are being read already`, { retryAfterMs: 2_000 });
  web.running += 1;
  try {
    return await work();
  } finally {
    web.running -= 1;
  }
}
