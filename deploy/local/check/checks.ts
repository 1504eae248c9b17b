/** One checker, and how to tell that it has really looked at the tree. */
export interface Check {
  /** A program of node_modules/.bin with its arguments. */
  readonly command: readonly [program: string, ...rest: string[]];
  readonly counts: string;
  /** How much it has read, taken from what it printed; 0 when it didn't say. */
  readonly count: (printed: string) => number;
  /** The least it must have read, given the number of TypeScript files in the tree. */
  readonly atLeast: (sourceFiles: number) => number;
}

const fewestStructureTests = 20;
const fewestShellFiles = 40;
const half = (sourceFiles: number): number => Math.ceil(sourceFiles / 2);

/** The checks of `make check`, by name. */
export const checks: Readonly<Record<string, Check>> = {
  format: {
    command: ["oxfmt", "--check", "."],
    counts: "files",
    count: (printed) => numberIn(printed, /on (\d+) files?/),
    atLeast: half,
  },
  lint: {
    command: ["oxlint", "--type-aware", "--deny-warnings"],
    counts: "files",
    count: (printed) => numberIn(printed, /on (\d+) files?/),
    atLeast: half,
  },
  types: {
    command: ["tsc", "--noEmit", "--pretty", "false", "--listFiles"],
    counts: "files",
    count: (printed) => printed.split("\n").filter((line) => /^\/.*\.tsx?$/.test(line) && !isForeign(line)).length,
    atLeast: half,
  },
  "shell-types": {
    command: ["tsc", "--noEmit", "--pretty", "false", "--listFiles", "-p", "services/shell"],
    counts: "files",
    count: (printed) => printed.split("\n").filter((line) => /services\/shell\/src\/.*\.tsx?$/.test(line)).length,
    atLeast: () => fewestShellFiles,
  },
  unused: {
    command: ["knip", "--no-progress", "--no-config-hints", "--performance"],
    counts: "files",
    count: (printed) => numberIn(printed, /^parseFile +(\d+)/m),
    atLeast: half,
  },
  structure: {
    command: ["vitest", "run", "--project", "structure", "--no-color"],
    counts: "tests",
    count: (printed) => numberIn(printed, /Tests .*?(\d+) passed/),
    atLeast: () => fewestStructureTests,
  },
};

/** What a checker said about problems, without the lists that are only there to be counted. */
export function withoutCounts(printed: string): string {
  const lines = printed.split("\n").filter((line) => !/^\/.*\.[cm]?tsx?$/.test(line));
  return lines.join("\n").replace(/\nName +size +min[\s\S]*$/, "");
}

function isForeign(path: string): boolean {
  return path.includes("/node_modules/");
}

function numberIn(printed: string, pattern: RegExp): number {
  return Number(pattern.exec(printed)?.[1] ?? 0);
}
