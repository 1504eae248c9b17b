import TurndownService from "turndown";
import { cleanText } from "./clean-text.ts";
import type { PageText } from "./page-text.ts";
import { type PageElement, type ParsedPage, findArticle, parsePage } from "./parse-page.ts";
import { webLimits } from "./web-limits.ts";

/** A readable part that is a smaller share of the page than this has missed it: a list or a form is no article. */
const LEAST_SHARE = 0.25;

const neverSeen =
  "title, script, style, noscript, template, iframe, object, embed, frameset, frame, svg, canvas, audio, video, link, meta, base, dialog:not([open]), input, select, textarea, [hidden], [aria-hidden='true']";
const hiddenStyle =
  /display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0(\.0+)?\s*(;|$)|font-size\s*:\s*0|(left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(50|100)%/i;

/** The readable text of a page as Markdown; links are numbered, images are their descriptions, what is hidden is left out. */
export function toReadable(html: string, address: string): PageText {
  const page = parsePage(html.slice(0, webLimits.htmlChars));
  const title = cleanText(page.querySelector("title")?.textContent ?? "").replace(/\s+/g, " ");
  removeUnseen(page);
  const links: string[] = [];
  const whole = toMarkdown(page.body.innerHTML, { address, links });
  // A heading that says the same as the title is left out of the article.
  page.title = title;
  const articleLinks: string[] = [];
  const text = toMarkdown(findArticle(page), { address, links: articleLinks });
  const isArticle = text.length >= whole.length * LEAST_SHARE;
  return {
    ...(title === "" ? {} : { title: title.slice(0, webLimits.titleChars) }),
    text: (isArticle ? text : whole).slice(0, webLimits.textChars),
    links: isArticle ? articleLinks : links,
  };
}

function removeUnseen(page: ParsedPage): void {
  for (const element of page.querySelectorAll(neverSeen)) element.remove();
  for (const element of page.querySelectorAll("[style]")) {
    if (hiddenStyle.test(element.getAttribute("style") ?? "")) element.remove();
  }
}

interface LinkPlace {
  readonly address: string;
  /** Filled while the text is made. */
  readonly links: string[];
}

function toMarkdown(html: string, { address, links }: LinkPlace): string {
  const service = new TurndownService({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-" });
  // Nothing that could lead anywhere by itself stands in the text.
  service.addRule("image", {
    filter: "img",
    replacement: (_text, node) => {
      const words = (node as unknown as PageElement).getAttribute("alt") ?? "";
      return words.trim() === "" ? "" : `(image: ${words.trim()})`;
    },
  });
  service.addRule("link", {
    filter: "a",
    replacement: (text, node) => {
      const href = (node as unknown as PageElement).getAttribute("href") ?? "";
      const number = toLinkNumber(href, { address, links });
      const words = text.trim();
      return words === "" || number === undefined ? words : `${words} [${number}]`;
    },
  });
  service.addRule("cell", { filter: ["td", "th"], replacement: (text) => `${text.replace(/\s+/g, " ").trim()} | ` });
  service.addRule("row", { filter: "tr", replacement: (text) => `\n| ${text.trim()}` });
  return cleanText(service.turndown(`<main>${html}</main>`));
}

function toLinkNumber(href: string, { address, links }: LinkPlace): number | undefined {
  const url = href.startsWith("#") ? null : URL.parse(href, address);
  if (url === null || !/^https?:$/.test(url.protocol) || url.href.length > webLimits.linkChars) return undefined;
  const known = links.indexOf(url.href);
  return known === -1 ? links.push(url.href) : known + 1;
}
