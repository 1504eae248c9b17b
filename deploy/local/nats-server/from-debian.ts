import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { findKeyring, findMirror, writeSource } from "./debian-mirror.ts";
import { debianSuite } from "./pins.ts";
import { runCommand } from "./run-command.ts";
import { inspectServer, type Way } from "./way.ts";

/**
 * A newer Debian suite's package, unpacked but not installed: no root needed and no service started.
 * Uses the machine's own mirror and keyring; apt checks the signatures.
 */
export const fromDebian: Way = {
  name: "debian",
  find: async (workFolder) => {
    const configuration = await configureApt(workFolder);
    const apt = ["apt-get", "--config-file", configuration, "--quiet=2"];
    await runCommand([...apt, "update"], { timeoutMs: 180_000, cwd: workFolder });
    await runCommand([...apt, "download", "nats-server"], { timeoutMs: 180_000, cwd: workFolder });
    const names = await readdir(workFolder);
    const archive = names.find((name) => name.startsWith("nats-server_") && name.endsWith(".deb"));
    if (archive === undefined) throw new Error(`Debian ${debianSuite} brought no package`);
    await runCommand(["dpkg", "--extract", archive, "unpacked"], { timeoutMs: 60_000, cwd: workFolder });
    return await inspectServer(join(workFolder, "unpacked/usr/sbin/nats-server"));
  },
};

async function configureApt(workFolder: string): Promise<string> {
  const mirror = findMirror(await runCommand(["apt-get", "indextargets"], { timeoutMs: 30_000 }));
  if (!mirror) throw new Error("apt knows no Debian mirror here");
  const keyring = findKeyring(await readFile(mirror.sourceFile, "utf8"), mirror.uri);
  for (const folder of ["lists/partial", "archives/partial"])
    await mkdir(join(workFolder, folder), { recursive: true });
  await writeFile(join(workFolder, "suite.sources"), writeSource(mirror, debianSuite, keyring));
  const configuration = join(workFolder, "apt.conf");
  await writeFile(configuration, writeSettings(workFolder));
  return configuration;
}

// The machine's settings (proxy, certificates) stay; what would touch its own lists, or run its hooks, is replaced.
function writeSettings(workFolder: string): string {
  const settings = {
    "Dir::Etc::SourceList": join(workFolder, "suite.sources"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State": workFolder,
    "Dir::State::Lists": join(workFolder, "lists"),
    "Dir::Cache": workFolder,
    "Dir::Cache::Archives": join(workFolder, "archives"),
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::AllowInsecureRepositories": "false",
    "APT::Get::AllowUnauthenticated": "false",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  const hooks = [
    "#clear APT::Update::Pre-Invoke;",
    "#clear APT::Update::Post-Invoke;",
    "#clear APT::Update::Post-Invoke-Success;",
  ];
  return [...hooks, ...lines, ""].join("\n");
}
