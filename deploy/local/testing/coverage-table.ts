/** Branches of one file or folder. */
export interface Branches {
  readonly total: number;
  readonly covered: number;
}

/** One line of the coverage table. */
export interface Row {
  readonly folder: string;
  readonly percent: number;
  readonly threshold: number;
  readonly files: number;
}

/** Adds up files by folder: a package, or a folder within it that has its own threshold. */
export function toRows(files: ReadonlyMap<string, Branches>, thresholds: Readonly<Record<string, number>>): Row[] {
  const groups = Map.groupBy(files, ([path]) => folderOf(path, Object.keys(thresholds)));
  const rows = [...groups].map(([folder, members]): Row => {
    const total = members.reduce((sum, [, branches]) => sum + branches.total, 0);
    const covered = members.reduce((sum, [, branches]) => sum + branches.covered, 0);
    const percent = total === 0 ? 100 : (100 * covered) / total;
    return { folder, percent, threshold: thresholdOf(folder, thresholds), files: members.length };
  });
  return rows.toSorted((left, right) => left.folder.localeCompare(right.folder));
}

/** The row as a line of text, with a mark when it is below its threshold. */
export function toLine({ folder, percent, threshold, files }: Row): string {
  const mark = percent < threshold ? "below" : "ok";
  const columns = [
    folder.padEnd(28),
    `${percent.toFixed(1).padStart(5)} %`,
    `>= ${threshold} %`,
    `${files} files`.padStart(10),
  ];
  return `${columns.join("  ")}  ${mark}`;
}

function folderOf(path: string, special: readonly string[]): string {
  const own = special.filter((folder) => folder !== "" && path.startsWith(`${folder}/`)).toSorted(byLength)[0];
  if (own !== undefined) return own;
  const [layer = "", name = ""] = path.split("/");
  return layer === "libs" || layer === "services" ? `${layer}/${name}` : layer;
}

function thresholdOf(folder: string, thresholds: Readonly<Record<string, number>>): number {
  const matches = Object.keys(thresholds).filter((prefix) => prefix === "" || `${folder}/`.startsWith(`${prefix}/`));
  return thresholds[matches.toSorted(byLength)[0] ?? ""] ?? 0;
}

function byLength(left: string, right: string): number {
  return right.length - left.length;
}
