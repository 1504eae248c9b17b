/**
 * What a path of the home is to the policy. `policy`: decides about all else; nobody but the owner, with their own hands.
 * `kept`: the system's own books. `protected`: shapes what the system is; the owner's approval. `memory`: what later turns are
 * told; the owner's approval once words of others are about. `open`: apps, data and everything else.
 */
export type Area = "policy" | "kept" | "protected" | "memory" | "open";

const areas: readonly (readonly [folder: string, area: Area])[] = [
  ["system/policy", "policy"],
  [".matrix", "kept"],
  ["system/inbox", "kept"],
  ["system/open", "kept"],
  ["system/outbox", "kept"],
  ["system/sessions", "kept"],
  ["system/activity", "kept"],
  ["system/usage", "kept"],
  ["system/soul.md", "protected"],
  ["system/config.json", "protected"],
  ["system/mcp.json", "protected"],
  ["system/channels.json", "protected"],
  ["agents", "protected"],
  ["skills", "protected"],
  ["system", "memory"],
];

/** From the mildest to the gravest. */
const byGravity: readonly Area[] = ["open", "memory", "protected", "kept", "policy"];

/** The area of a path, whatever its case and its way of writing accents. A folder that holds graver places counts as the gravest of them. */
export function toArea(path: string): Area {
  const folded = fold(path);
  const above = areas.find(([folder]) => isWithin(folded, folder))?.[1] ?? "open";
  const below = areas.filter(([folder]) => isWithin(folder, folded)).map(([, area]) => area);
  return gravest([above, ...below]);
}

function gravest(of: readonly Area[]): Area {
  return byGravity.findLast((area) => of.includes(area)) ?? "open";
}

/** Disks that fold case or normalise must not let a look-alike through; neither must what they ignore at the end of names. */
function fold(path: string): string {
  return path
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFKC")
    .split("/")
    .map((name) => name.replaceAll(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "").replace(/[. ]+$/, ""))
    .join("/");
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
