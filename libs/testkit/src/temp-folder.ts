import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own, gone with everything in it when disposed. */
export interface TempFolder extends Disposable {
  readonly path: string;
}

/** Makes an empty folder under the system's folder for temporary files. */
export function tempFolder(purpose = "test"): TempFolder {
  const path = mkdtempSync(join(tmpdir(), `matrix-${purpose}-`));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 }),
  };
}
