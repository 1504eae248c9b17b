import { rejected, unavailable } from "@matrix-os/contracts/errors";
import type { SearchEngine, SearchResult } from "../web/search-engines.ts";
import { type FetchOptions, type Fetched, fetchOutside } from "./fetch-outside.ts";

/** Asks once, without following redirects. Errors: `denied`, `busy`, `unreachable`, `unreadable`, `timed-out`. */
export async function askSearchEngine(
  engine: SearchEngine,
  options: Omit<FetchOptions, "headers" | "redirects">,
): Promise<{ readonly host: string; readonly results: SearchResult[] }> {
  const headers = { ...engine.headers, accept: "application/json" };
  const answer = await fetchOutside(engine.url, { ...options, headers, redirects: 0 });
  refuseFailure(answer);
  try {
    return { host: answer.host, results: engine.read(JSON.parse(answer.body.toString("utf8"))) };
  } catch (cause) {
    throw unavailable("unreadable", "the search engine's answer can't be read", { cause });
  }
}

function refuseFailure({ status, host }: Fetched): void {
  if (status === 200) return;
  if (status === 401 || status === 403)
    throw rejected("denied", `${host} refuses the search (status ${status}): is the key right, is its JSON format on?`);
  if (status === 429) throw unavailable("busy", `${host} limits the rate of searches; try again later`);
  throw unavailable("unreachable", `${host} answers a search with status ${status}`);
}
