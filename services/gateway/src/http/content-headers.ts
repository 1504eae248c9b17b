import mime from "mime";

/** Kinds that a browser may show from here: none of them can run anything. Everything else is offered as a download. */
const harmless =
  /^(image\/(png|jpeg|gif|webp|avif|bmp|x-icon)|audio\/.+|video\/.+|text\/(plain|markdown|csv)|application\/json)$/;
const textual = /^(text\/.+|application\/(json|javascript|xml|manifest\+json)|image\/svg\+xml)$/;

/** Headers for a file of the home. Whatever it holds, it never runs with this server's origin. */
export function toContentHeaders(path: string): Record<string, string> {
  const type = mime.getType(path) ?? "application/octet-stream";
  return {
    "content-type": textual.test(type) ? `${type}; charset=utf-8` : type,
    "content-security-policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; frame-ancestors 'none'",
    "content-disposition": `${harmless.test(type) ? "inline" : "attachment"}; filename*=UTF-8''${toExtendedValue(path)}`,
  };
}

/** RFC 8187; a lone surrogate, which UTF-8 can't hold, becomes a replacement character. */
function toExtendedValue(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
