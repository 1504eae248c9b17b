import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BreakingChange, type Direction, findBreakingChanges } from "./compare-schemas.ts";
import type { ContractSnapshot } from "./to-snapshot.ts";

const directions: Readonly<Record<string, Direction>> = { request: "received", reply: "sent", body: "sent" };

/** What breaks older peers in the step from the committed snapshots to the contracts as they are: additive changes are not in it. */
export function compareSnapshots(
  committed: readonly ContractSnapshot[],
  now: readonly ContractSnapshot[],
): BreakingChange[] {
  return committed.flatMap((before) => {
    const after = now.find(({ id }) => id === before.id);
    if (after === undefined) return [{ path: before.id, problem: "the message is gone" }];
    if (after.subject !== before.subject) return [{ path: before.id, problem: `another subject: ${after.subject}` }];
    return Object.entries(before.schemas).flatMap(([part, schema]) =>
      findBreakingChanges(schema, after.schemas[part] ?? {}, {
        path: `${before.id} ${part}`,
        direction: directions[part] ?? "sent",
      }),
    );
  });
}

/** The snapshots in the tree. */
export function readSnapshots(root: string): ContractSnapshot[] {
  return globSync("contracts/snapshots/*.json", { cwd: root })
    .toSorted()
    .map((path) => JSON.parse(readFileSync(join(root, path), "utf8")) as ContractSnapshot);
}
