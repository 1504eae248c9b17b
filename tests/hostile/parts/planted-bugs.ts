import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A bug to plant, or a guard to take away: a patch of the product, and the test that must notice it. */
export interface PlantedBug {
  readonly name: string;
  readonly path: string;
  readonly file: string;
  readonly test: string;
}

/** Every patch of a kind. It begins with a sentence, then `Test:` and `Name:`. */
export function readPlantedBugs(kind: "bugs" | "guards"): PlantedBug[] {
  const folder = join(import.meta.dirname, "..", kind);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".patch"))
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return {
        name: name.replace(".patch", ""),
        path: join(folder, name),
        file: /^Test: (.+)$/m.exec(text)?.[1] ?? "",
        test: /^Name: (.+)$/m.exec(text)?.[1] ?? "",
      };
    });
}
