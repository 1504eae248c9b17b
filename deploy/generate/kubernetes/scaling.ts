import { consumers } from "@matrix-os/contracts/streams";
import { catalog } from "../../catalog.ts";
import { inside } from "../containers/settings.ts";
import { toPolicy } from "./network-policies.ts";
import { toLabels } from "./pod.ts";

const namespace = "matrix-os";
/** Work per pod, waiting and under way together: half of the 64 slots that a kernel has by default. */
const LAG_PER_POD = 32;
const MOST_PODS = 10;

const growing = catalog.filter(({ scaling }) => scaling === "lag");

/** What makes services grow with their queue, for a cluster that has KEDA. */
export function toScaledObjects(): object[] {
  return [...growing.map(({ name }) => toScaledObject(name)), toMonitorPolicy()];
}

/** Patches that leave the number of pods to KEDA. */
export function toReplicaPatches(): object[] {
  return growing.map(({ name }) => ({
    target: { kind: "Deployment", name },
    patch: "- op: remove\n  path: /spec/replicas\n",
  }));
}

function toScaledObject(name: string): object {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name },
    spec: {
      scaleTargetRef: { name },
      pollingInterval: 5,
      // Never to nothing: it also answers requests, which wait in no queue.
      minReplicaCount: 1,
      maxReplicaCount: MOST_PODS,
      fallback: { failureThreshold: 5, replicas: 1 },
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 2, periodSeconds: 15 }] },
            scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
          },
        },
      },
      triggers: consumers
        .filter(({ durable }) => durable === name)
        .map(({ stream, durable }) => toTrigger(stream, durable)),
    },
  };
}

function toTrigger(stream: string, consumer: string): object {
  return {
    type: "nats-jetstream",
    metricType: "AverageValue",
    metadata: {
      natsServerMonitoringEndpoint: `nats-headless.${namespace}.svc.cluster.local:${inside.busMonitorPort}`,
      // The account of a broker that has none by name.
      account: "$G",
      stream,
      consumer,
      lagThreshold: String(LAG_PER_POD),
      activationLagThreshold: "0",
      useHttps: "false",
    },
  };
}

/** KEDA reads the queue's length from the broker's monitor port. */
function toMonitorPolicy(): object {
  return toPolicy("nats-monitor", {
    podSelector: { matchLabels: toLabels("nats") },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "keda" } } }],
        ports: [{ protocol: "TCP", port: inside.busMonitorPort }],
      },
    ],
  });
}
