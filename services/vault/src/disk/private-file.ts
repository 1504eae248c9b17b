import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The text of a file, or `undefined` when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Replaces a file whole or not at all; nobody but the owner may read it (0600). On the disk when it resolves. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await sweep(path);
  const staged = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    await using file = await open(staged, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
    await rename(staged, path);
  } catch (thrown) {
    await rm(staged, { force: true });
    throw thrown;
  }
  await using parent: FileHandle = await open(folder, "r");
  await parent.sync();
}

/** What a killed writer left; the vault has one writer. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`.${basename(path)}.`)) await rm(join(folder, name), { force: true });
  }
}
