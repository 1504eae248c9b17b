import { OsError } from "@matrix-os/contracts/errors";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import type { rememberRequest } from "@matrix-os/contracts/kernel/remember.request";
import type { z } from "zod";
import type { KernelDeps } from "../deps.ts";

const PATH = "system/memory/facts.md";
const MAX_BYTES = 140_000;
const ATTEMPTS = 5;

/** Adds one line to the memory file. Two workers at once both succeed: the loser of a race reads again. */
export async function remember(
  request: z.infer<typeof rememberRequest.request>,
  deps: Pick<KernelDeps, "bus">,
): Promise<z.infer<typeof rememberRequest.reply>> {
  const line = `- ${request.fact.replaceAll(/\s+/g, " ").trim()}\n`;
  for (let attempt = 1; ; attempt += 1) {
    const present = await readMemory(deps);
    if (present.content.split("\n").includes(line.trimEnd())) return { path: PATH };
    try {
      const content = `${present.content}${line}`;
      await deps.bus.request(writeRequest, {
        path: PATH,
        content,
        encoding: "utf8",
        ifMatch: present.version,
        // What stood there before stays in it, with its labels.
        origin: { ...request.origin, taint: joinTaints(request.origin.taint, present.taint) },
      });
      return { path: PATH };
    } catch (error) {
      if (!(error instanceof OsError) || error.code !== "conflict" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function readMemory(
  deps: Pick<KernelDeps, "bus">,
): Promise<{ content: string; version: string; taint: Taint[] }> {
  try {
    const file = await deps.bus.request(readRequest, { path: PATH, encoding: "utf8", offset: 0, length: MAX_BYTES });
    return { content: file.content, version: file.hash, taint: file.taint ?? [] };
  } catch (error) {
    if (error instanceof OsError && error.code === "not-found")
      return { content: "# What the owner told\n\n", version: "absent", taint: [] };
    throw error;
  }
}
