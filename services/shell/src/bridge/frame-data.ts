/** What a frame knows before its first script runs: the shell puts it into the frame's name, which every page can read at once. */
export interface FrameData {
  readonly matrix: 1;
  readonly app: string;
  readonly theme: "light" | "dark";
  readonly kept: unknown;
  /** What the app put into its stand-in for localStorage. */
  readonly local: Readonly<Record<string, string>>;
}

/** The storage key under which the client keeps the stand-in for localStorage. */
export const LOCAL_STORAGE_KEY = "localStorage";

/** The frame's name. */
export function toFrameName(data: Omit<FrameData, "matrix">): string {
  return JSON.stringify({ matrix: 1, ...data } satisfies FrameData);
}

/** The texts of a stored stand-in; anything else in it is left out. */
export function toLocalTexts(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
