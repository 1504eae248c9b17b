import { dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

/** A Kubernetes object, as far as tests look at it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

interface Kustomization {
  readonly kind: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly { name: string; files?: readonly string[]; behavior?: string }[];
  readonly secretGenerator?: readonly {
    name: string;
    envs?: readonly string[];
    files?: readonly string[];
    type?: string;
  }[];
  readonly patches?: readonly { target: { kind: string; name?: string }; patch: string }[];
}

/** What an overlay leads to, without its patches: objects, generated names, and the local files that it needs. */
export interface Rendered {
  readonly manifests: readonly Manifest[];
  readonly configMaps: readonly string[];
  readonly secrets: readonly string[];
  readonly files: readonly string[];
  readonly patches: readonly { target: { kind: string; name?: string }; patch: string }[];
}

/** Follows a kustomization through bases and components. Throws for a file that is not there and for broken YAML. */
export function render(files: Readonly<Record<string, string>>, folder: string): Rendered {
  const text = files[join(folder, "kustomization.yaml")];
  if (text === undefined) throw new Error(`${folder} has no kustomization.yaml`);
  const kustomization = parse(text) as Kustomization;
  const nested = [...(kustomization.resources ?? []), ...(kustomization.components ?? [])].map((path) =>
    path.endsWith(".yaml")
      ? fromManifests(readManifests(files, join(folder, path)))
      : render(files, join(folder, path)),
  );
  const own = { manifests: [], ...readGenerators(kustomization, folder), patches: kustomization.patches ?? [] };
  return joinAll([...nested, own]);
}

function fromManifests(manifests: readonly Manifest[]): Rendered {
  return { manifests, configMaps: [], secrets: [], files: [], patches: [] };
}

function readGenerators(
  kustomization: Kustomization,
  folder: string,
): Pick<Rendered, "configMaps" | "secrets" | "files"> {
  const maps = kustomization.configMapGenerator ?? [];
  const secrets = kustomization.secretGenerator ?? [];
  const needed = [
    ...maps.flatMap(({ files = [] }) => files),
    ...secrets.flatMap(({ files = [], envs = [] }) => [...files, ...envs]),
  ];
  return {
    configMaps: maps.filter(({ behavior }) => behavior !== "merge").map(({ name }) => name),
    secrets: secrets.map(({ name }) => name),
    files: needed.map((file) => join(folder, file.slice(file.indexOf("=") + 1))),
  };
}

function readManifests(files: Readonly<Record<string, string>>, path: string): Manifest[] {
  const text = files[path];
  if (text === undefined) throw new Error(`${dirname(path)} names ${path}, which is not there`);
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`);
    return document.toJS() as Manifest;
  });
}

function joinAll(parts: readonly Rendered[]): Rendered {
  return {
    manifests: parts.flatMap(({ manifests }) => manifests),
    configMaps: parts.flatMap(({ configMaps }) => configMaps),
    secrets: parts.flatMap(({ secrets }) => secrets),
    files: parts.flatMap(({ files }) => files),
    patches: parts.flatMap(({ patches }) => patches),
  };
}
