import { rejected } from "@matrix-os/contracts/errors";

/** One passage and what stands there afterwards. */
export interface Passage {
  readonly old: string;
  readonly new: string;
  readonly all?: boolean | undefined;
}

/** The text with all passages replaced in order. Errors: `invalid` when one is missing, or occurs more than once without `all`. */
export function replacePassages(text: string, passages: readonly Passage[]): string {
  return passages.reduce((so, passage, at) => replaceOne(so, passage, `replacements.${at}.old`), text);
}

function replaceOne(text: string, passage: Passage, field: string): string {
  const at = text.indexOf(passage.old);
  if (at < 0) throw rejected("invalid", `${field}: this passage is not in the file`, { field });
  if (passage.all === true) return text.split(passage.old).join(passage.new);
  if (text.includes(passage.old, at + 1))
    throw rejected("invalid", `${field}: this passage occurs more than once`, { field });
  return text.slice(0, at) + passage.new + text.slice(at + passage.old.length);
}
