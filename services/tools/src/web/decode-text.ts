const LOOKED_AT_BYTES = 2_048;

/** Bytes as text: by a byte order mark, else the header's charset, else the page's own `<meta>`, else UTF-8. Never throws. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const label = fromMark(bytes) ?? fromHeader(contentType) ?? fromMeta(bytes) ?? "utf-8";
  return toDecoder(label).decode(bytes);
}

function fromMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

function fromHeader(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
}

function fromMeta(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, LOOKED_AT_BYTES));
  return /<meta\b[^>]*?charset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1];
}

function toDecoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder("utf-8");
  }
}
