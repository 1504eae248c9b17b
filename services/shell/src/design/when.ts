const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A moment as people say it: «now», «5 min», «3 h», then the date. */
export function toWhen(instant: string, nowMs: number = Date.now()): string {
  const age = nowMs - Date.parse(instant);
  if (age < MINUTE_MS) return "now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h`;
  return new Date(instant).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

const units = ["B", "KB", "MB", "GB"];

/** A number of bytes for people. */
export function toSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1_024)), units.length - 1);
  const value = bytes / 1_024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power] ?? ""}`;
}
