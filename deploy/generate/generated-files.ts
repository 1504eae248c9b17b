import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { allContracts } from "@matrix-os/contracts/all";
import { services } from "../services.ts";
import { type BusPermissions, toBusPermissions } from "./bus-permissions.ts";
import { toAsyncApi } from "./contracts/asyncapi.ts";
import { toComposeFile } from "./compose/compose-file.ts";
import { toEnvExample } from "./compose/env-example.ts";
import { toBrokerConfiguration } from "./containers/broker-configuration.ts";
import { toSnapshots } from "./contracts/to-snapshot.ts";
import { toKubernetesFiles } from "./kubernetes/kubernetes-files.ts";
import { toYaml } from "./to-yaml.ts";

/** Folders in which every matching file is generated: one that nothing generates any more is drift too. */
const ownedPatterns = [
  "contracts/snapshots/*.json",
  "deploy/k8s/{base,components/*,overlays/*}/*.yaml",
  "deploy/k8s/secrets.example/*.env",
];

/** Every generated file: its path from the root of the tree, and its text. */
export function toGeneratedFiles(): Map<string, string> {
  const permissions = toBusPermissions(services);
  return new Map([
    ["deploy/local/generated/bus-permissions.json", toJson(permissions)],
    ...toSnapshots().map((snapshot): FileText => [`contracts/snapshots/${snapshot.id}.json`, toJson(snapshot)]),
    ["contracts/asyncapi.json", toJson(toAsyncApi(allContracts, services))],
    ...toComposeFiles(permissions),
    ...Object.entries(toKubernetesFiles(permissions)).map(([path, text]): FileText => [`deploy/k8s/${path}`, text]),
  ]);
}

type FileText = [path: string, text: string];

function toComposeFiles(permissions: Record<string, BusPermissions>): FileText[] {
  return [
    ["deploy/compose/compose.yaml", toYaml(toComposeFile())],
    ["deploy/compose/nats.conf", toBrokerConfiguration(permissions, { monitorHost: "127.0.0.1", more: [] })],
    ["deploy/compose/.env.example", toEnvExample()],
  ];
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A generated file that is not what it should be. */
export interface Drift {
  readonly path: string;
  readonly problem: "missing" | "differs" | "not generated any more";
}

/** Compares the tree with what is generated now. */
export function findDrift(files: ReadonlyMap<string, string>, root: string): Drift[] {
  const wrong = [...files].flatMap(([path, text]): Drift[] => {
    const present = readIfThere(join(root, path));
    if (present === text) return [];
    return [{ path, problem: present === undefined ? "missing" : "differs" }];
  });
  const stale = globSync(ownedPatterns, { cwd: root }).filter((path) => !files.has(path));
  return [...wrong, ...stale.map((path): Drift => ({ path, problem: "not generated any more" }))];
}

/** Makes the drifted files what they should be. */
export function writeGeneratedFiles(files: ReadonlyMap<string, string>, drift: readonly Drift[], root: string): void {
  for (const { path } of drift) {
    const text = files.get(path);
    if (text === undefined) {
      rmSync(join(root, path));
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
