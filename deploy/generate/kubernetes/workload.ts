import type { CatalogEntry } from "../../catalog.ts";
import { toClaimName, toLabels, toPodTemplate } from "./pod.ts";

/** Everything of one service: account, claims, workload, service, disruption budget. */
export function toWorkload(entry: CatalogEntry): object[] {
  return [
    toServiceAccount(entry.name),
    ...entry.volumes.map((volume) => toClaim(toClaimName(entry, volume), volume === "home" ? "20Gi" : "1Gi")),
    entry.volumes.length > 0 ? toStatefulSet(entry) : toDeployment(entry),
    ...(entry.ports.length > 0 || entry.volumes.length > 0 ? [toService(entry)] : []),
    ...(mayMultiply(entry) ? [toDisruptionBudget(entry)] : []),
  ];
}

/** An account without any right, and without a token in the pod. */
export function toServiceAccount(name: string): object {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name }, automountServiceAccountToken: false };
}

/** Whether more than one may run: a volume is held by one pod only. */
export function mayMultiply(entry: CatalogEntry): boolean {
  return entry.scaling !== "one" && entry.volumes.length === 0;
}

function toClaim(name: string, storage: string): object {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  };
}

/** The old pod is gone before the new one starts: two writers of one home must never be. */
function toStatefulSet(entry: CatalogEntry): object {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: entry.name, labels: toLabels(entry.name) },
    spec: {
      serviceName: entry.name,
      replicas: 1,
      selector: { matchLabels: toLabels(entry.name) },
      template: toPodTemplate(entry),
    },
  };
}

function toDeployment(entry: CatalogEntry): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: entry.name, labels: toLabels(entry.name) },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      ...(mayMultiply(entry) ? {} : { strategy: { type: "Recreate" } }),
      selector: { matchLabels: toLabels(entry.name) },
      template: toPodTemplate(entry),
    },
  };
}

/** Headless where there is nothing to reach but the pod's name. */
function toService(entry: CatalogEntry): object {
  const ports = entry.ports.map(({ name, port }) => ({ name, port, targetPort: name }));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: entry.name, labels: toLabels(entry.name) },
    spec: { selector: toLabels(entry.name), ...(ports.length > 0 ? { ports } : { clusterIP: "None" }) },
  };
}

function toDisruptionBudget(entry: CatalogEntry): object {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: entry.name },
    spec: { maxUnavailable: 1, selector: { matchLabels: toLabels(entry.name) } },
  };
}
