import type { CatalogEntry } from "../../catalog.ts";
import { inside, serviceImage } from "../containers/settings.ts";

/** Labels by which services, policies and budgets find the pods of one name. */
export function toLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "matrix-os" };
}

/** What the Pod Security level `restricted` asks of a pod. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: inside.uid,
  runAsGroup: inside.uid,
  fsGroup: inside.uid,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** What it asks of a container, and a root that can't be written. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
} as const;

/** Memory is bounded, processor time only weighed: a throttled turn would be a slow one. */
export function toResources(memoryMiB: number): object {
  return {
    requests: { cpu: "50m", memory: `${memoryMiB / 2}Mi`, "ephemeral-storage": "64Mi" },
    limits: { memory: `${memoryMiB}Mi`, "ephemeral-storage": "256Mi" },
  };
}

/** The claim that holds a service's volume; each service's state is its own. */
export function toClaimName(entry: CatalogEntry, volume: "home" | "state"): string {
  return volume === "home" ? "home" : `state-${entry.name}`;
}

/** The secret with the gateway's certificate. */
export const tlsSecret = "gateway-tls";

/** The pod of a service: settings from its config map, secrets from its own secret, no token for the cluster's API. */
export function toPodTemplate(entry: CatalogEntry): object {
  const hasTls = entry.env.includes("MATRIX_TLS_KEY");
  return {
    metadata: { labels: toLabels(entry.name) },
    spec: {
      serviceAccountName: entry.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: podSecurity,
      // The processes drain within 8.2 s.
      terminationGracePeriodSeconds: 15,
      containers: [toContainer(entry, hasTls)],
      volumes: [
        { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
        ...entry.volumes.map((name) => ({ name, persistentVolumeClaim: { claimName: toClaimName(entry, name) } })),
        // Readable by the pod's group only.
        ...(hasTls ? [{ name: "tls", secret: { secretName: tlsSecret, defaultMode: 0o440 } }] : []),
      ],
    },
  };
}

function toContainer(entry: CatalogEntry, hasTls: boolean): object {
  return {
    name: entry.name,
    image: serviceImage,
    command: ["node", `services/${entry.folder}/src/main.ts`],
    envFrom: [{ configMapRef: { name: entry.name } }, { secretRef: { name: entry.name } }],
    ports: [
      { name: "health", containerPort: inside.healthPort },
      ...entry.ports.map(({ name, port }) => ({ name, containerPort: port })),
    ],
    securityContext: containerSecurity,
    resources: toResources(entry.memoryMiB),
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...entry.volumes.map((name) => ({ name, mountPath: inside[name] })),
      ...(hasTls ? [{ name: "tls", mountPath: inside.tls, readOnly: true }] : []),
    ],
    // A process serves its health once it has found the bus, which may take a while at the first start of all.
    startupProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 2, failureThreshold: 150 },
    readinessProbe: { httpGet: { path: "/readyz", port: "health" }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 10, failureThreshold: 6 },
  };
}
