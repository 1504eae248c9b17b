import { randomBytes } from "node:crypto";
import { rejected } from "@matrix-os/contracts/errors";
import type { searchWebRequest } from "@matrix-os/contracts/tools/search-web.request";
import { readSearchKeyRequest } from "@matrix-os/contracts/vault/read-search-key.request";
import { SEARCH_KEY_NAME } from "@matrix-os/contracts/vault/secret";
import type { z } from "zod";
import { toPlaceOf } from "../address/find-target.ts";
import type { ToolsDeps } from "../deps.ts";
import { askSearchEngine } from "../http/ask-search-engine.ts";
import { tellEgress } from "../nats/egress-teller.ts";
import { type SearchEngine, toBrave, toSearxng } from "../web/search-engines.ts";
import { withPlace } from "./with-place.ts";

type Request = z.infer<typeof searchWebRequest.request>;
type Reply = z.infer<typeof searchWebRequest.reply>;

/** Asks the search engine that the owner has set up. */
export function searchWeb({ query, origin }: Request, deps: ToolsDeps): Promise<Reply> {
  return withPlace(deps, async () => {
    const { bus, log, config, world, ending } = deps;
    const engine = await toEngine(query, deps);
    const found = await askSearchEngine(engine, {
      world,
      reach: { ports: [], allow: config.webAllow, trusted: config.searchUrl && toPlaceOf(config.searchUrl) },
      signal: ending,
      onHop: (hop) => tellEgress(hop, { tool: "web_search", origin }, { bus, log }),
    });
    return { ...found, boundary: randomBytes(16).toString("hex") };
  });
}

/** Errors: `not-set-up`, with what the owner can do; `vault-locked`. */
async function toEngine(query: string, { bus, config }: ToolsDeps): Promise<SearchEngine> {
  const { searchProvider, searchUrl } = config;
  if (searchProvider === "searxng" && searchUrl !== undefined) return toSearxng(query, searchUrl);
  const { value: key } = await bus.request(readSearchKeyRequest, {});
  if (searchProvider === "brave" && key !== undefined) return toBrave(query, key, searchUrl);
  throw rejected(
    "not-set-up",
    `web search is not set up: the owner either keeps a key of the Brave Search API (matrixos secret set ${SEARCH_KEY_NAME}) or names a SearXNG instance in MATRIX_SEARCH_URL`,
  );
}
