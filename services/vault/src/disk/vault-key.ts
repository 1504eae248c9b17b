import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { VaultConfig } from "../config.ts";
import type { Keyring } from "../process/keyring.ts";
import type { BoxHeader } from "../secrets/sealed-box.ts";
import { readIfThere, replaceFile } from "./private-file.ts";

const KEY_BYTES = 32;

/** A key of the vault, and where it is kept. */
export interface VaultKey {
  readonly key: Buffer;
  readonly header: BoxHeader;
}

/** Makes the key of a new vault: in the keyring where one answers, else in a file beside it (0600). `undefined`: only a keyring will do, and none answers. */
export async function makeKey(config: VaultConfig, keyring: Keyring): Promise<VaultKey | undefined> {
  const key = randomBytes(KEY_BYTES);
  const keyId = randomBytes(9).toString("base64url");
  const about = { format: 1, cipher: "aes-256-gcm", keyId } as const;
  if (config.keyIn !== "file" && (await keyring.keep(keyId, key)))
    return { key, header: { ...about, keyIn: "keyring" } };
  if (config.keyIn === "keyring") return undefined;
  await replaceFile(toKeyFile(config), key.toString("base64"));
  return { key, header: { ...about, keyIn: "file" } };
}

/** Finds the key of a vault that is there. */
export async function findKey(header: BoxHeader, config: VaultConfig, keyring: Keyring): Promise<Buffer | undefined> {
  if (header.keyIn === "keyring") return keyring.find(header.keyId);
  const key = Buffer.from((await readIfThere(toKeyFile(config))) ?? "", "base64");
  return key.length === KEY_BYTES ? key : undefined;
}

/** The file of a key that no keyring holds. */
export function toKeyFile({ folder }: Pick<VaultConfig, "folder">): string {
  return join(folder, "key");
}
