import { chmod, link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecret } from "../auth/secrets.ts";

/** The owner's API token in `<state>/owner.token` (0600); made at the first start, once, also when two gateways start together. */
export async function readOwnerToken(state: string): Promise<string> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  const path = join(state, "owner.token");
  await publishOnce(path, createSecret());
  await chmod(path, 0o600);
  const token = (await readFile(path, "utf8")).trim();
  if (token.length < 32) throw new Error(`${path} holds no usable token: delete the file and start again`);
  return token;
}

async function publishOnce(path: string, content: string): Promise<void> {
  const draft = `${path}.${createSecret()}`;
  await writeFile(draft, content, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
