/** A page in words; `links[0]` is the link that the text names `[1]`. */
export interface PageText {
  readonly title?: string | undefined;
  readonly text: string;
  readonly links: readonly string[];
}

/** A part of a page, with the links that it names. */
export interface PagePart {
  readonly text: string;
  readonly links: readonly { readonly number: number; readonly url: string }[];
  readonly nextOffset?: number;
}

/** At most `chars` from `offset` on; no letter is cut in two, and the part ends at a line where one is near. */
export function toPart(
  page: PageText,
  offset: number,
  most: { readonly chars: number; readonly links: number },
): PagePart {
  const from = isWithinPair(page.text, offset) ? offset + 1 : offset;
  const end = toEnd(page.text, from, most.chars);
  const text = page.text.slice(from, end);
  const numbers = [...new Set([...text.matchAll(/\[(\d{1,5})\]/g)].map((match) => Number(match[1])))];
  const links = numbers.slice(0, most.links).flatMap((number) => {
    const url = page.links[number - 1];
    return url === undefined ? [] : [{ number, url }];
  });
  return end < page.text.length ? { text, links, nextOffset: end } : { text, links };
}

function toEnd(text: string, from: number, chars: number): number {
  const end = from + chars;
  if (end >= text.length) return text.length;
  const line = text.lastIndexOf("\n", end);
  if (line > from + chars / 2) return line + 1;
  return isWithinPair(text, end) ? end - 1 : end;
}

function isWithinPair(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
