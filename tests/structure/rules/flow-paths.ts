import type { Problem } from "../source-file.ts";

const treePath = /`((?:contracts|libs|services|deploy|tests|docs)\/[^`\s]+)`/g;

/** The paths that a page names in backticks. */
export function findPaths(page: string): string[] {
  return [...page.matchAll(treePath)].map((match) => (match[1] ?? "").replace(/[:#].*$/, ""));
}

/** Every path that `docs/flow.md` names must be there. */
export function checkFlowPaths(page: string, exists: (path: string) => boolean): Problem[] {
  return findPaths(page)
    .filter((path) => !exists(path))
    .map((path) => ({ path: "docs/flow.md", line: 1, message: `${path} is not there` }));
}
