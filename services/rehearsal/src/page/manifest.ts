/** The part of an `app.json` that is looked at; everything else in it is kept. */
export interface Manifest {
  name?: string;
  entry?: string;
}

/** Reads an `app.json`; undefined when it is not a JSON object. A line before the object is skipped. */
export function readManifest(text: string): Manifest | undefined {
  try {
    const parsed: unknown = JSON.parse(text.slice(Math.max(0, text.indexOf("{"))));
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const { name, entry } = parsed as Record<string, unknown>;
    return {
      ...parsed,
      name: typeof name === "string" ? name : "",
      entry: typeof entry === "string" ? entry : "index.html",
    };
  } catch {
    return undefined;
  }
}

/** The manifest as a file, with some fields changed. */
export function manifestText(manifest: Manifest, changes: Record<string, unknown>): string {
  return `${JSON.stringify({ ...manifest, ...changes }, null, 2)}\n`;
}
