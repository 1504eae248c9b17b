import { z } from "zod";
import { cleanText } from "./clean-text.ts";
import { webLimits } from "./web-limits.ts";

/** One page that a search found. */
export interface SearchResult {
  readonly title: string;
  readonly url: string;
  readonly text: string;
}

/** A search engine: how it is asked, and how its answer is read. */
export interface SearchEngine {
  /** The address asked, with the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Throws a `ZodError` for an answer of another shape. */
  readonly read: (answer: unknown) => SearchResult[];
}

const BRAVE_URL = "https://api.search.brave.com/res/v1/web/search";

const braveAnswer = z.object({
  web: z
    .object({ results: z.array(z.object({ title: z.string(), url: z.string(), description: z.string().default("") })) })
    .optional(),
});

const searxngAnswer = z.object({
  results: z.array(z.object({ title: z.string(), url: z.string(), content: z.string().nullish() })),
});

/** The Brave Search API; needs a key. */
export function toBrave(query: string, key: string, base: string = BRAVE_URL): SearchEngine {
  const url = new URL(base);
  url.searchParams.set("q", query);
  url.searchParams.set("count", String(webLimits.searchResults));
  return {
    url: url.href,
    headers: { "x-subscription-token": key },
    read: (answer) =>
      toResults(
        (braveAnswer.parse(answer).web?.results ?? []).map((found) => ({
          ...found,
          text: withoutTags(found.description),
        })),
      ),
  };
}

/** An instance of SearXNG, whose JSON format is switched on; needs no key. */
export function toSearxng(query: string, base: string): SearchEngine {
  const url = new URL("search", base.endsWith("/") ? base : `${base}/`);
  url.searchParams.set("q", query);
  url.searchParams.set("format", "json");
  return {
    url: url.href,
    headers: {},
    read: (answer) =>
      toResults(searxngAnswer.parse(answer).results.map((found) => ({ ...found, text: found.content ?? "" }))),
  };
}

function toResults(found: readonly SearchResult[]): SearchResult[] {
  return found
    .filter(({ url }) => /^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    .slice(0, webLimits.searchResults)
    .map(({ title, url, text }) => ({
      title: cleanText(title).replaceAll("\n", " ").slice(0, webLimits.titleChars),
      url: (URL.parse(url)?.href ?? "").slice(0, webLimits.linkChars),
      text: cleanText(text).slice(0, webLimits.extractChars),
    }));
}

/** Brave marks the words that were asked for. */
function withoutTags(text: string): string {
  return text.replace(/<\/?strong>/g, "");
}
