import { MIN_SECRET_BYTES } from "@matrix-os/contracts/vault/secret";

/** The bytes under which a secret may stand in a text: as it is, in JSON, in an address, in hex, inside base64 at any place. */
export function toWrittenForms(value: string): Buffer[] {
  const bytes = Buffer.from(value);
  if (bytes.length < MIN_SECRET_BYTES) return [];
  const hex = bytes.toString("hex");
  const texts = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((before) => toBase64Forms(bytes, before)),
  ];
  return [...new Set(texts)].map((text) => Buffer.from(text));
}

/** What stays the same of its base64, whatever stands before (so many bytes past a group of three) and behind it. */
function toBase64Forms(bytes: Buffer, before: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(before), bytes]);
  const from = before === 0 ? 0 : before + 1;
  const text = padded.toString("base64").slice(from, Math.floor((padded.length * 8) / 6));
  return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
}
