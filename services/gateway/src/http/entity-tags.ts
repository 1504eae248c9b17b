/** The ETag of a content hash. */
export function toEntityTag(hash: string): string {
  return `"${hash}"`;
}

/** The hashes that an `If-Match` or `If-None-Match` header lists, or `any` for `*`. Weak tags count only where `weak` is allowed. */
export function readEntityTags(
  header: string | undefined,
  weak: "weak" | "strong",
): readonly string[] | "any" | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === "*") return "any";
  return [...header.matchAll(/(W\/)?"([^"]*)"/g)].flatMap((match) =>
    match[1] !== undefined && weak === "strong" ? [] : [match[2] ?? ""],
  );
}
