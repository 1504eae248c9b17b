/** Elements that would open a document or move the page's base. */
const refusedTag = /<(\/?)(iframe|frameset|frame|object|embed|fencedframe|portal|applet|base)(?=[\s/>]|$)/gi;
const metaOrLink = /<(meta|link)(?=[\s/>]|$)/gi;
const MAX_TAG_LENGTH = 2_000;

const attributeValue = String.raw`(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=\x60]+)`;
const attribute = String.raw`\s+([a-z:-]+)(?:\s*=\s*(${attributeValue}))?`;
/** A tag without anything that parsers read in more than one way. */
const plainTag = new RegExp(String.raw`^<(?:meta|link)((?:${attribute})*)\s*/?>`, "i");
const everyAttribute = new RegExp(attribute, "gi");

const allowedAttributes: Readonly<Record<string, ReadonlySet<string>>> = {
  meta: new Set(["charset", "name", "content", "property", "media"]),
  link: new Set(["rel", "href", "type", "media", "sizes", "crossorigin", "title", "id"]),
};
const allowedRelations = new Set(["stylesheet", "icon", "shortcut icon", "apple-touch-icon", "manifest"]);

/**
 * An app's page as it is served: our scripts before everything else, and no frames, no refresh, no base, no hints to
 * other hosts. What is refused is renamed, so that the rest stays where it was.
 */
export function toAppPage(html: string, scripts: readonly string[]): string {
  // In front, not after <head>: where that is, the page could lie about. Its own doctype then means nothing.
  const first = scripts.map((script) => `<script>${toInline(script)}</script>`).join("");
  return `<!doctype html>${first}${refuse(html)}`;
}

function refuse(html: string): string {
  // The pieces are names of such tags and what follows each, by turns.
  const [start = "", ...pieces] = html.replace(refusedTag, "<$1x-refused-$2").split(metaOrLink);
  let page = start;
  for (let index = 0; index < pieces.length; index += 2) {
    const [name = "", rest = ""] = pieces.slice(index, index + 2);
    page += isHarmless(name.toLowerCase(), `<${name}${rest}`) ? `<${name}${rest}` : `<x-refused-${name}${rest}`;
  }
  return page;
}

function isHarmless(name: string, text: string): boolean {
  const attributes = plainTag.exec(text.slice(0, MAX_TAG_LENGTH))?.[1];
  if (attributes === undefined) return false;
  return [...attributes.matchAll(everyAttribute)].every(([, key = "", value = ""]) => {
    if (allowedAttributes[name]?.has(key.toLowerCase()) !== true) return false;
    return key.toLowerCase() !== "rel" || allowedRelations.has(value.replaceAll(/["']/g, "").toLowerCase());
  });
}

/** A script that can stand in a page: nothing in it ends the element, or begins what would hide its end. */
function toInline(script: string): string {
  return script.replaceAll(/<\/(?=script)/gi, "<\\/").replaceAll("<!--", "<\\!--");
}
