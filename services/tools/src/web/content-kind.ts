/** How a body is read, or the sentence that says why it is not. */
export type ContentKind = { readonly as: "html" | "text" } | { readonly refusal: string };

const textTypes =
  /^(text\/(plain|markdown|csv|xml|x-markdown|tab-separated-values|calendar)|application\/(json|xml|yaml|x-ndjson)|application\/[\w.-]+\+(json|xml))$/;

/** Decides by the media type alone; a body without one is read as text. */
export function toContentKind(contentType: string): ContentKind {
  const type = toMediaType(contentType);
  if (type === "text/html" || type === "application/xhtml+xml") return { as: "html" };
  if (type === "" || textTypes.test(type)) return { as: "text" };
  if (type === "application/pdf") return { refusal: "it is a PDF, and PDF files can't be read yet" };
  return { refusal: `it is ${type.slice(0, 80)}, and only HTML, text, JSON and XML can be read` };
}

/** `text/html` of `Text/HTML; charset=utf-8`. */
export function toMediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
