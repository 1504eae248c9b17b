const allowed: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** The address when a click on it is harmless; anything that could run or reach into this origin is refused. */
export function toSafeAddress(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return allowed.has(url.protocol) ? url.href : undefined;
}
