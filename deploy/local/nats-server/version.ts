type Version = readonly [major: number, minor: number, patch: number];

/** Whether the version named in `text` (`nats-server: v2.15.1`, `go1.26`) is at least `floor`; false when it names none. */
export function isAtLeast(text: string, floor: string): boolean {
  const version = parseVersion(text);
  const lowest = parseVersion(floor);
  if (!version || !lowest) return false;
  return compareVersions(version, lowest) >= 0;
}

/** The first dotted number in `text` as `major.minor.patch`, or undefined. */
export function findVersion(text: string): string | undefined {
  return parseVersion(text)?.join(".");
}

/** Newest first; text without a version sorts last. */
export function byNewest(left: string, right: string): number {
  return compareVersions(parseVersion(right) ?? [0, 0, 0], parseVersion(left) ?? [0, 0, 0]);
}

function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

function compareVersions(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
