/** A Debian archive that this machine is set up to trust. */
export interface DebianMirror {
  readonly uri: string;
  /** The source list entry that names it, as `path:line`. */
  readonly sourceFile: string;
}

/** Picks the main Debian archive out of what `apt-get indextargets` prints; undefined when there is none. */
export function findMirror(indexTargets: string): DebianMirror | undefined {
  const target = indexTargets
    .split(/\n\s*\n/)
    .map(parseFields)
    .find(isMainArchive);
  const uri = target?.get("Repo-URI");
  const entry = target?.get("Sourcesentry");
  if (uri === undefined || entry === undefined) return undefined;
  return { uri, sourceFile: entry.replace(/:\d+$/, "") };
}

/** The keyring (path, or an embedded key) that a source list names for `uri`; undefined means apt's own trusted keys. */
export function findKeyring(sourceList: string, uri: string): string | undefined {
  const bareUri = uri.replace(/\/$/, "");
  const entry = sourceList.split(/\n\s*\n/).find((text) => text.includes(bareUri));
  const line = entry?.split("\n").find((text) => text.startsWith("deb") && text.includes(bareUri));
  if (line !== undefined) return /signed-by=([^\s\]]+)/i.exec(line)?.[1];
  return entry === undefined ? undefined : /^Signed-By:((?:.*)(?:\n[ \t].*)*)/im.exec(entry)?.[1]?.trim();
}

/** A source list for one suite of that archive. */
export function writeSource(mirror: DebianMirror, suite: string, keyring: string | undefined): string {
  const lines = ["Types: deb", `URIs: ${mirror.uri}`, `Suites: ${suite}`, "Components: main"];
  if (keyring !== undefined) lines.push(`Signed-By: ${keyring}`);
  return `${lines.join("\n")}\n`;
}

function parseFields(record: string): ReadonlyMap<string, string> {
  const fields = record.matchAll(/^([\w-]+): (.*)$/gm);
  return new Map([...fields].map((field) => [field[1] ?? "", field[2] ?? ""]));
}

// Without downloaded lists (a fresh container) there is no origin yet; the update that follows then decides.
function isMainArchive(target: ReadonlyMap<string, string>): boolean {
  if (target.get("Created-By") !== "Packages" || target.get("Component") !== "main") return false;
  if (target.get("Repo-URI")?.includes("security")) return false;
  return (target.get("Origin") ?? "Debian") === "Debian";
}
