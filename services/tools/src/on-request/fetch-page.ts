import { randomBytes } from "node:crypto";
import { rejected } from "@matrix-os/contracts/errors";
import type { fetchPageRequest } from "@matrix-os/contracts/tools/fetch-page.request";
import type { z } from "zod";
import type { ToolsDeps } from "../deps.ts";
import { type Fetched, fetchOutside } from "../http/fetch-outside.ts";
import { tellEgress } from "../nats/egress-teller.ts";
import { readPolicyFile } from "../nats/read-policy-file.ts";
import { readPage } from "../process/read-page.ts";
import { cleanText } from "../web/clean-text.ts";
import { toContentKind, toMediaType } from "../web/content-kind.ts";
import { decodeText } from "../web/decode-text.ts";
import { type PageText, toPart } from "../web/page-text.ts";
import { webLimits } from "../web/web-limits.ts";
import { WEB_POLICY_PATH, readWebPolicy } from "../web/web-policy.ts";
import { withPlace } from "./with-place.ts";

type Request = z.infer<typeof fetchPageRequest.request>;
type Reply = z.infer<typeof fetchPageRequest.reply>;

/** Fetches a page, makes it readable, and answers one part of it. */
export function fetchPage(request: Request, deps: ToolsDeps): Promise<Reply> {
  return withPlace(deps, async () => {
    const fetched = await fetchIt(request, deps);
    const page = await toPage(fetched);
    const part = toPart(page, request.offset, { chars: webLimits.shownChars, links: webLimits.shownLinks });
    return {
      host: fetched.host,
      url: fetched.url.href,
      status: fetched.status,
      contentType: toMediaType(fetched.contentType),
      ...(page.title === undefined ? {} : { title: page.title }),
      ...part,
      links: [...part.links],
      totalChars: page.text.length,
      boundary: randomBytes(16).toString("hex"),
    };
  });
}

async function fetchIt({ url, origin }: Request, { bus, log, config, world, ending }: ToolsDeps): Promise<Fetched> {
  const policy = readWebPolicy(await readPolicyFile(bus, WEB_POLICY_PATH));
  if (policy.problem !== undefined) log.warn({ problem: policy.problem }, "the policy for the web counts for nothing");
  return fetchOutside(url, {
    world,
    reach: { ports: policy.ports, allow: config.webAllow },
    signal: ending,
    onHop: (hop) => tellEgress(hop, { tool: "web_fetch", origin }, { bus, log }),
  });
}

/** Errors: `unreadable`. */
async function toPage({ contentType, body, url }: Fetched): Promise<PageText> {
  const kind = toContentKind(contentType);
  if ("refusal" in kind) throw rejected("unreadable", kind.refusal, { field: "url" });
  const text = decodeText(body, contentType);
  if (kind.as === "html") return readPage(text, url.href);
  return { text: cleanText(text.slice(0, webLimits.textChars)), links: [] };
}
