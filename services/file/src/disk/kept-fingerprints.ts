import fs from "node:fs";
import path from "node:path";
import { type FingerprintSet, fingerprintSet } from "@matrix-os/contracts/vault/secret";

const NAME = "fingerprints.json";

/** The vault's fingerprints as they were last heard of, so that none is missed before the vault answers. */
export function readKeptFingerprints(stateDir: string): FingerprintSet | undefined {
  try {
    return fingerprintSet.parse(JSON.parse(fs.readFileSync(toPath(stateDir), "utf8")));
  } catch {
    return undefined;
  }
}

/** Keeps them for the next start (0600). Throws errnos. */
export function keepFingerprints(stateDir: string, set: FingerprintSet): void {
  const kept = toPath(stateDir);
  fs.mkdirSync(path.dirname(kept), { recursive: true, mode: 0o700 });
  fs.writeFileSync(`${kept}.new`, JSON.stringify(set), { mode: 0o600 });
  fs.renameSync(`${kept}.new`, kept);
}

function toPath(stateDir: string): string {
  return path.join(stateDir, "file", NAME);
}
