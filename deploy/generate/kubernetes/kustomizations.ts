import { type CatalogEntry, catalog } from "../../catalog.ts";
import { toFixedSettings } from "../containers/settings.ts";
import { tlsSecret } from "./pod.ts";
import { toReplicaPatches } from "./scaling.ts";

const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
const component = { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" };

/** The services of every cell; optional ones are components. */
export const baseServices = catalog.filter(({ isOptional }) => isOptional !== true);
/** The services that an overlay may add. */
export const optionalServices = catalog.filter(({ isOptional }) => isOptional === true);

/** The base: everything a cell needs. Its secrets are files that `make-secrets.sh` writes. */
export function toBase(): object {
  return {
    ...kustomization,
    namespace: "matrix-os",
    resources: [
      "namespace.yaml",
      "network-policies.yaml",
      "nats.yaml",
      ...baseServices.map(({ name }) => `${name}.yaml`),
    ],
    configMapGenerator: [{ name: "nats", files: ["nats.conf"] }, ...catalog.map(toSettingsMap)],
    secretGenerator: [
      { name: "nats", envs: ["secrets/nats.env"] },
      ...catalog.map(({ name }) => ({ name, envs: [`secrets/${name}.env`] })),
      { name: tlsSecret, type: "kubernetes.io/tls", files: ["tls.crt=secrets/tls.crt", "tls.key=secrets/tls.key"] },
    ],
  };
}

function toSettingsMap(entry: CatalogEntry): object {
  const settings = { ...toFixedSettings(entry), MATRIX_HEALTH_HOST: "0.0.0.0" };
  return { name: entry.name, literals: Object.entries(settings).map(([name, value]) => `${name}=${value}`) };
}

/** An optional service as a component; its settings and secret stand in the base. */
export function toOptionalComponent(name: string): object {
  return { ...component, resources: [`${name}.yaml`] };
}

/** Growth with the queue as a component. */
export function toKedaComponent(): object {
  return { ...component, resources: ["scaled-objects.yaml"], patches: toReplicaPatches() };
}

/** One node, reached by `kubectl port-forward`, with the rehearsal model until there is a key. */
export function toSingleNode(): object {
  return {
    ...kustomization,
    namespace: "matrix-os",
    resources: ["../../base"],
    components: optionalServices.map(({ name }) => `../../components/${name}`),
  };
}

/** A peer on the public net: two dispatchers, kernels that grow, volumes that only one pod can mount, a name and port 443. */
export function toCloudPeer(): object {
  return {
    ...kustomization,
    namespace: "matrix-os",
    resources: ["../../base"],
    components: ["../../components/keda"],
    replicas: [{ name: "dispatcher", count: 2 }],
    configMapGenerator: [
      {
        name: "gateway",
        behavior: "merge",
        literals: ["MATRIX_PORT=443", "MATRIX_ALLOWED_HOSTS=matrix.example.org", "MATRIX_APPS_HOST=apps.example.org"],
      },
    ],
    patches: [
      {
        target: { kind: "PersistentVolumeClaim" },
        patch: "- op: replace\n  path: /spec/accessModes\n  value: [ReadWriteOncePod]\n",
      },
      { target: { kind: "Service", name: "gateway" }, patch: toText(gatewayServicePatch) },
      { target: { kind: "StatefulSet", name: "gateway" }, patch: toText(gatewayPodPatch) },
    ],
  };
}

const gatewayServicePatch = [
  "- op: add\n  path: /spec/type\n  value: LoadBalancer",
  "- op: replace\n  path: /spec/ports/0/port\n  value: 443",
];

// The gateway knows itself by the port that it listens on; one below 1024 without root is a «safe» sysctl.
const gatewayPodPatch = [
  "- op: replace\n  path: /spec/template/spec/containers/0/ports/1/containerPort\n  value: 443",
  '- op: add\n  path: /spec/template/spec/securityContext/sysctls\n  value: [{ name: net.ipv4.ip_unprivileged_port_start, value: "443" }]',
];

function toText(operations: readonly string[]): string {
  return `${operations.join("\n")}\n`;
}
