import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printFigure } from "./figure.ts";

const root = join(import.meta.dirname, "..", "..");

/** What an installation without development tools takes on the disk: packages, sources and the broker; Node aside. */
export async function measureInstall(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "matrix-install-"));
  try {
    const isOurs = (path: string) =>
      !/\/(node_modules|\.git|\.tools|\.turbo|coverage)(\/|$)/.test(path.slice(root.length));
    cpSync(root, folder, { recursive: true, filter: isOurs });
    execFileSync(join(root, ".tools/bin/pnpm"), ["install", "--prod", "--frozen-lockfile", "--ignore-scripts"], {
      cwd: folder,
      stdio: "ignore",
    });
    const bytes = Number(
      execFileSync("du", ["-sbL", join(root, ".tools/bin/nats-server")])
        .toString()
        .split("\t")[0],
    );
    const tree = Number(execFileSync("du", ["-sb", folder]).toString().split("\t")[0]);
    printFigure({
      figure: "runtime install, Node aside",
      unit: "MB",
      value: (bytes + tree) / 1_000_000,
      must: 200,
      better: "less",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
