import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const shell = join(import.meta.dirname, "..", "..", "..", "services", "shell");

/** Builds the shell from its present sources into a folder. */
export async function buildShell(folder: string): Promise<void> {
  const program = join(shell, "node_modules", ".bin", "vite");
  const child = spawn(program, ["build", "--outDir", folder, "--emptyOutDir", "--logLevel", "error"], {
    cwd: shell,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`vite build ended with ${code}`);
}
