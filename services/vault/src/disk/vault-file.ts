import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { rejected } from "@matrix-os/contracts/errors";
import type { VaultConfig } from "../config.ts";
import type { Keyring } from "../process/keyring.ts";
import { type VaultContents, vaultContents } from "../secrets/contents.ts";
import { type BoxHeader, parseBox, seal, unseal } from "../secrets/sealed-box.ts";
import { readIfThere, replaceFile } from "./private-file.ts";
import { type VaultKey, findKey, makeKey, toKeyFile } from "./vault-key.ts";

interface Opened extends VaultKey {
  readonly contents: VaultContents;
}

/**
 * The encrypted file with all secrets. One that can't be opened stays as it is: every call says so (`vault-locked`) and tries
 * again, so that a repaired file works without a restart.
 */
export class VaultFile {
  readonly #config: VaultConfig;
  readonly #keyring: Keyring;
  #opened: Opened | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(config: VaultConfig, keyring: Keyring) {
    this.#config = config;
    this.#keyring = keyring;
  }

  /** What it holds. Errors: `vault-locked`. */
  read(): Promise<VaultContents> {
    return this.#inTurn(async () => (await this.#open()).contents);
  }

  /** Where the key is kept. Errors: `vault-locked`. */
  keyIn(): Promise<BoxHeader["keyIn"]> {
    return this.#inTurn(async () => (await this.#open()).header.keyIn);
  }

  /** Replaces what it holds; on the disk when it resolves. Errors: `vault-locked`, and what `change` throws. */
  change(change: (contents: VaultContents) => VaultContents): Promise<VaultContents> {
    return this.#inTurn(async () => {
      const opened = await this.#open();
      const contents = change(opened.contents);
      await this.#write({ ...opened, contents });
      return contents;
    });
  }

  get #path(): string {
    return join(this.#config.folder, "secrets.json");
  }

  async #open(): Promise<Opened> {
    this.#opened ??= await this.#load();
    return this.#opened;
  }

  async #load(): Promise<Opened> {
    const text = await readIfThere(this.#path);
    if (text === undefined) return this.#make();
    const box = parseBox(text);
    if (box === undefined)
      throw this.#locked("its file is damaged; bring it back from a backup, or remove it and begin anew");
    const key = await findKey(box, this.#config, this.#keyring);
    if (key === undefined) {
      const place = box.keyIn === "keyring" ? "the keyring; unlock it" : `${toKeyFile(this.#config)}; bring it back`;
      throw this.#locked(`its key is missing in ${place}`);
    }
    const opened = unseal(box, key);
    if (opened === undefined)
      throw this.#locked("its file was changed, or its key is another one; bring both back from one backup");
    const { format, cipher, keyIn, keyId } = box;
    return { key, header: { format, cipher, keyIn, keyId }, contents: vaultContents.parse(JSON.parse(opened)) };
  }

  async #make(): Promise<Opened> {
    const made = await makeKey(this.#config, this.#keyring);
    if (made === undefined)
      throw this.#locked("no keyring answers; set MATRIX_VAULT_KEY_IN=file to keep the key in a file");
    const opened = { ...made, contents: { fingerprintKey: randomBytes(32).toString("base64url"), secrets: {} } };
    await this.#write(opened);
    return opened;
  }

  async #write(opened: Opened): Promise<void> {
    const box = seal(JSON.stringify(opened.contents), opened.key, opened.header);
    await replaceFile(this.#path, `${JSON.stringify(box)}\n`);
    this.#opened = opened;
  }

  #locked(why: string): Error {
    return rejected("vault-locked", `the vault ${this.#path} can't be opened: ${why}`);
  }

  /** One at a time: a change is made of what the one before it has left. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
