import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { consumers, streams } from "@matrix-os/contracts/streams";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { catalog } from "../../catalog.ts";
import { rootFolder } from "../../local/root-folder.ts";
import { services } from "../../services.ts";
import { toBusPermissions } from "../bus-permissions.ts";
import { busUsers, toPasswordVariable } from "../containers/settings.ts";
import { toKubernetesFiles } from "./kubernetes-files.ts";
import { type Manifest, render } from "./render.ts";

interface Pod {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Record<string, unknown>;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly [key: string]: unknown;
}
interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly envFrom: readonly { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  readonly ports: readonly { name: string; containerPort: number }[];
  readonly volumeMounts: readonly { name: string }[];
  readonly [key: string]: unknown;
}
interface Volume {
  readonly name: string;
  readonly configMap?: { name: string };
  readonly secret?: { secretName: string };
  readonly persistentVolumeClaim?: { claimName: string };
  readonly [key: string]: unknown;
}

const files = toKubernetesFiles(toBusPermissions(services));
const overlays = ["overlays/single-node", "overlays/cloud-peer"].map((folder) => ({
  folder,
  ...render(files, folder),
}));
const everything = overlays.flatMap(({ manifests }) => manifests);
const workloads = everything.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");

const podOf = ({ spec = {} }: Manifest): Pod => (spec["template"] as { spec: Pod }).spec;
const named = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);
const find = (kind: string, name: string) => everything.find((one) => one.kind === kind && one.metadata.name === name);

describe.each(overlays)("$folder", ({ manifests, configMaps, secrets, files: needed, patches }) => {
  const pods = manifests.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");

  test("has the broker and every service that is not optional", () => {
    const wanted = catalog.filter(({ isOptional }) => isOptional !== true).map(({ name }) => name);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(["nats", ...wanted]));
  });

  test("names no object twice", () => {
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(25);
  });

  test("every config map, secret, account and claim that a pod names is there, and every mount has its volume", () => {
    for (const workload of pods) {
      const pod = podOf(workload);
      const { envFrom, volumeMounts } = pod.containers[0] as Container;
      const maps = [
        ...envFrom.map(({ configMapRef }) => configMapRef?.name),
        ...pod.volumes.map(({ configMap }) => configMap?.name),
      ];
      const keys = [
        ...envFrom.map(({ secretRef }) => secretRef?.name),
        ...pod.volumes.map(({ secret }) => secret?.secretName),
      ];
      const claims = pod.volumes.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName);
      expect(configMaps).toEqual(expect.arrayContaining(maps.filter(isText)));
      expect(secrets).toEqual(expect.arrayContaining(keys.filter(isText)));
      expect(named(manifests, "PersistentVolumeClaim")).toEqual(expect.arrayContaining(claims.filter(isText)));
      expect(named(manifests, "ServiceAccount")).toContain(pod.serviceAccountName);
      const templates = (workload.spec?.["volumeClaimTemplates"] ?? []) as Manifest[];
      const volumes = [...pod.volumes.map(({ name }) => name), ...templates.map(({ metadata }) => metadata.name)];
      expect(volumes.toSorted()).toEqual(volumeMounts.map(({ name }) => name).toSorted());
    }
  });

  test("every file that a generator reads is committed, or written by make-secrets.sh", () => {
    const made = ["base/secrets/tls.crt", "base/secrets/tls.key"];
    for (const path of needed) {
      const template = path.replace("base/secrets/", "secrets.example/");
      expect(path in files || template in files || made.includes(path), path).toBe(true);
    }
  });

  test("every StatefulSet has its service, every service and budget its pods", () => {
    const labels = pods.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"]);
    for (const { kind, spec, metadata } of manifests) {
      if (kind === "StatefulSet") expect(named(manifests, "Service"), metadata.name).toContain(spec?.["serviceName"]);
      const selector = spec?.["selector"] as Record<string, unknown> | undefined;
      const wanted = kind === "PodDisruptionBudget" ? (selector?.["matchLabels"] as Record<string, string>) : selector;
      if (kind === "Service" || kind === "PodDisruptionBudget")
        expect(labels).toContain(wanted?.["app.kubernetes.io/name"]);
    }
  });

  test("every patch has a target and is YAML", () => {
    for (const { target, patch } of patches) {
      const found = manifests.some(
        ({ kind, metadata }) => kind === target.kind && (target.name ?? metadata.name) === metadata.name,
      );
      expect(found, JSON.stringify(target)).toBe(true);
      expect(Array.isArray(parse(patch))).toBe(true);
    }
  });
});

describe("every pod", () => {
  test.each(workloads)("$kind $metadata.name keeps the rules of the level «restricted»", (workload) => {
    const pod = podOf(workload);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(pod.securityContext["runAsUser"]).toBeGreaterThan(0);
    for (const key of ["hostNetwork", "hostPID", "hostIPC", "initContainers", "ephemeralContainers"])
      expect(pod).not.toHaveProperty(key);
    for (const container of pod.containers) {
      expect(container["securityContext"]).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      expect(container.ports.every((port) => !("hostPort" in port))).toBe(true);
    }
    const kinds = pod.volumes.flatMap((volume) => Object.keys(volume).filter((key) => key !== "name"));
    expect(["configMap", "emptyDir", "persistentVolumeClaim", "secret"]).toEqual(expect.arrayContaining(kinds));
  });

  test.each(workloads)("$kind $metadata.name has probes, bounds, a pinned image and no token", (workload) => {
    const pod = podOf(workload);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod["enableServiceLinks"]).toBe(false);
    for (const container of pod.containers) {
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
        const { httpGet } = container[probe] as { httpGet: { port: string } };
        expect(container.ports.map(({ name }) => name)).toContain(httpGet.port);
      }
      expect(container.image).toMatch(/:\d+\.\d+\.\d+(-\w+)?$/);
      expect(container["resources"]).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String), "ephemeral-storage": expect.any(String) },
      });
    }
    for (const { emptyDir } of pod.volumes) if (emptyDir !== undefined) expect(emptyDir).toHaveProperty("sizeLimit");
  });

  test("the namespace enforces that level", () => {
    expect(find("Namespace", "matrix-os")?.metadata.labels).toHaveProperty(
      ["pod-security.kubernetes.io/enforce"],
      "restricted",
    );
  });

  test("a service that may exist once never overlaps with its successor", () => {
    for (const { name } of catalog.filter(({ scaling, volumes }) => scaling === "one" || volumes.length > 0)) {
      const { kind, spec } = workloads.find(({ metadata }) => metadata.name === name) ?? {};
      expect(spec?.["replicas"], name).toBe(1);
      if (kind === "Deployment") expect(spec?.["strategy"]).toEqual({ type: "Recreate" });
    }
  });
});

describe("the network policies", () => {
  test("everything is denied first", () => {
    expect(find("NetworkPolicy", "default-deny")?.spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });

  test.each(catalog)(
    "$name reaches the bus, and beyond it only what the catalog lists",
    ({ name, egress, talksTo }) => {
      const policy = find("NetworkPolicy", name);
      const rules = policy?.spec?.["egress"] as {
        to: { podSelector?: { matchLabels: Record<string, string> }; ipBlock?: { except: string[] } }[];
      }[];
      const peers = rules.flatMap(({ to }) => to);
      const pods = peers.flatMap(({ podSelector }) => podSelector?.matchLabels["app.kubernetes.io/name"] ?? []);
      expect(pods).toEqual(["nats", ...(talksTo ?? [])]);
      const outside = peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock]));
      expect(outside.length).toBe(egress.length > 0 ? 1 : 0);
      for (const { except } of outside)
        expect(except).toEqual(expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16"]));
      expect(policy?.metadata.annotations?.["matrix-os/egress-hosts"]).toBe(
        egress.length > 0 ? egress.join(",") : undefined,
      );
    },
  );

  test("only the gateway is reached from everywhere", () => {
    const open = everything.filter(({ kind, spec }) => {
      const rules = (kind === "NetworkPolicy" ? spec?.["ingress"] : []) as { from?: unknown }[] | undefined;
      return rules?.some(({ from }) => from === undefined);
    });
    expect([...new Set(open.map(({ metadata }) => metadata.name))]).toEqual(["gateway"]);
  });
});

describe("growth with the queue", () => {
  const growing = catalog.filter(({ scaling }) => scaling === "lag").map(({ name }) => name);

  test("every service of that class, and no other, has a ScaledObject on its durable consumer", () => {
    expect(growing.length).toBeGreaterThan(0);
    expect(named(everything, "ScaledObject")).toEqual(growing);
    for (const name of growing) {
      const { scaleTargetRef, triggers } = (find("ScaledObject", name) ?? { spec: {} }).spec as {
        scaleTargetRef: { name: string };
        triggers: { metadata: { stream: string; consumer: string } }[];
      };
      expect(find("Deployment", scaleTargetRef.name)).toBeDefined();
      const followed = triggers.map(({ metadata }) => `${metadata.stream} ${metadata.consumer}`);
      expect(followed).toEqual(
        consumers.filter(({ durable }) => durable === name).map(({ stream, durable }) => `${stream} ${durable}`),
      );
      expect(streams.map(({ name }) => name)).toEqual(
        expect.arrayContaining(triggers.map(({ metadata }) => metadata.stream)),
      );
    }
  });

  test("its deployments leave their number to it", () => {
    const { patches } = overlays.find(({ folder }) => folder.endsWith("cloud-peer")) ?? { patches: [] };
    const freed = patches
      .filter(({ patch }) => patch.includes("path: /spec/replicas"))
      .map(({ target }) => target.name);
    expect(freed).toEqual(growing);
  });
});

describe("make-secrets.sh", () => {
  const folder = tempFolder("k8s");
  afterAll(() => folder[Symbol.dispose]());
  cpSync(join(rootFolder, "deploy/k8s"), folder.path, {
    recursive: true,
    filter: (path) => !path.endsWith("/secrets"),
  });
  const make = () => execFileSync(join(folder.path, "make-secrets.sh"), { stdio: "pipe" });
  const read = (name: string) => readFileSync(join(folder.path, "base/secrets", name), "utf8");

  test("gives each service the password that the broker knows and takes, and keeps it when run again", () => {
    make();
    const broker = read("nats.env");
    const own = catalog.map(({ name }) => {
      const password = /^MATRIX_BUS_PASSWORD=(p[0-9a-f]{48})$/m.exec(read(`${name}.env`))?.[1];
      expect(broker).toContain(`${toPasswordVariable(name)}=${password}\n`);
      return password;
    });
    expect(new Set(own).size).toBe(catalog.length);
    expect(broker.trim().split("\n").length).toBe(busUsers.length);
    expect(read("kernel.env")).toContain("ANTHROPIC_API_KEY=\n");
    make();
    expect(read("nats.env")).toBe(broker);
    const env = Object.fromEntries(
      broker
        .trim()
        .split("\n")
        .map((line) => line.split("=") as [string, string]),
    );
    const server = join(rootFolder, ".tools/bin/nats-server");
    execFileSync(server, ["-t", "-c", join(folder.path, "base/nats.conf")], { env, stdio: "pipe" });
    expect(statSync(join(folder.path, "base/secrets/kernel.env")).mode & 0o077).toBe(0);
  });
});

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
