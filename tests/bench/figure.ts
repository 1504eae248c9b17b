/** One measured figure beside the least that the machine allows for the same work, and the promise. */
export interface Figure {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
  /** The least possible here, measured in the same run. */
  readonly floor?: number;
  readonly must?: number;
  /** Whether less is better (the usual case) or more. */
  readonly better: "less" | "more";
}

/** Prints a figure as one JSON line, with its ratio to the floor and whether the promise holds. */
export function printFigure(figure: Figure): void {
  const { value, floor, must, better } = figure;
  const ratio = floor === undefined || floor === 0 ? undefined : round(value / floor);
  const isMet = must === undefined ? undefined : better === "less" ? value <= must : value >= must;
  process.stdout.write(
    `${JSON.stringify({ ...figure, value: round(value), ...(floor === undefined ? {} : { floor: round(floor) }), ratio, met: isMet })}\n`,
  );
}

/** The value below which `share` of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle sample. */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
