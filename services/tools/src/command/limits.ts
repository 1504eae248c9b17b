const MIB = 1_048_576;

/** What one command may use. Past a number it is refused by the system or killed with everything it started. */
export interface Limits {
  /** Of all processes of a command together. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** Of each process. */
  readonly openFiles: number;
  /** Of each process, as a multiple of the time that the command may take. */
  readonly cpuPerWallTime: number;
  readonly fileBytes: number;
  /** That the work folder may grow by. */
  readonly workBytes: number;
  readonly workFiles: number;
  /** Of /tmp and of /dev/shm, each. */
  readonly temporaryBytes: number;
  readonly outputBytes: number;
}

/** The limits of every command. */
export const commandLimits: Limits = {
  memoryBytes: 2_048 * MIB,
  processes: 256,
  openFiles: 1_024,
  cpuPerWallTime: 2,
  fileBytes: 512 * MIB,
  workBytes: 1_024 * MIB,
  workFiles: 200_000,
  temporaryBytes: 256 * MIB,
  outputBytes: 8 * MIB,
};

/** Times of commands that name none, and how many there may be. */
export const serviceLimits = {
  waitSeconds: 120,
  backgroundSeconds: 3_600,
  /** That are waited for, at a time. */
  foreground: 8,
  background: 8,
  /** That ended and can still be read. */
  kept: 64,
  /** Paths that a reply lists. */
  listedPaths: 200,
  /** Of the beginning, and of the end, of an output. */
  shownBytes: 24_000,
  /** Of the command's text in lists. */
  shownCommandChars: 500,
} as const;
