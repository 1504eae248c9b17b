/**
 * Text from the model or from a file, made harmless for a terminal: control characters are shown as pictures (␛) instead
 * of being obeyed. Line breaks and tabs stay; everything printable is unchanged.
 */
export function toSafeText(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(controls, toPicture);
}

/** A name for one line of a terminal: like `toSafeText`, but line breaks, tabs and changes of writing direction show too. */
export function toSafeName(name: string): string {
  return name
    .replace(/[\n\t]/g, toPicture)
    .replace(directionMarks, toPicture)
    .replace(controls, toPicture);
}

// oxlint-disable-next-line no-control-regex -- control characters are what this file is about
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// A file name that turns the direction of writing can pretend to have another ending.
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const pictures = 0x2400;
const pictureOfDelete = "\u2421";

function toPicture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(pictures + code);
  if (code === 0x7f) return pictureOfDelete;
  return `<${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}
