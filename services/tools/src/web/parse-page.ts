import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";

/** What is used of an element of a parsed page. */
export interface PageElement {
  readonly textContent: string | null;
  readonly innerHTML: string;
  getAttribute(name: string): string | null;
  remove(): void;
}

/** What is used of a parsed page; the libraries describe theirs by the types of browsers, which are not those of a server. */
export interface ParsedPage {
  title: string;
  readonly body: PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

const parse = parseHTML as unknown as (html: string) => { readonly document: ParsedPage };
const Reader = Readability as unknown as new (page: ParsedPage) => {
  parse(): { readonly content?: string | null } | null;
};

/** Reads HTML without running or loading anything, one body around everything: the parser, unlike browsers, adds none. */
export function parsePage(html: string): ParsedPage {
  const content = html.replace(/<!doctype[^>]*>|<\/?(html|head|body)(?=[\s>/])[^>]*>/gi, "");
  return parse(`<!doctype html><html><head></head><body>${content}</body></html>`).document;
}

/** The HTML of the part that is the article, empty when there is none. Changes the page. */
export function findArticle(page: ParsedPage): string {
  return new Reader(page).parse()?.content ?? "";
}
