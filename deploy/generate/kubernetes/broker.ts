import { brokerImage, inside } from "../containers/settings.ts";
import { containerSecurity, podSecurity, toLabels, toResources } from "./pod.ts";
import { toServiceAccount } from "./workload.ts";

const MEMORY_MIB = 256;

/** Lines of the broker's configuration that a pod needs: it says goodbye before it goes. */
export const podBrokerLines = [
  'pid_file: "/tmp/nats.pid"',
  'lame_duck_duration: "30s"',
  'lame_duck_grace_period: "5s"',
];

/** The broker: one server, as the files are the truth and its store is disposable. */
export function toBroker(): object[] {
  const labels = toLabels("nats");
  const client = { name: "client", port: inside.busPort, targetPort: "client" };
  const monitor = { name: "monitor", port: inside.busMonitorPort, targetPort: "monitor" };
  return [
    toServiceAccount("nats"),
    toService("nats", { ports: [client] }),
    // The monitor port has no password: it stays off the clients' service, and a policy keeps others away.
    toService("nats-headless", { clusterIP: "None", publishNotReadyAddresses: true, ports: [client, monitor] }),
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "nats", labels },
      spec: {
        serviceName: "nats-headless",
        replicas: 1,
        podManagementPolicy: "Parallel",
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: toPodSpec() },
        volumeClaimTemplates: [
          {
            metadata: { name: "store" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
          },
        ],
      },
    },
  ];
}

function toService(name: string, spec: object): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: toLabels("nats") },
    spec: { selector: toLabels("nats"), ...spec },
  };
}

function toPodSpec(): object {
  return {
    serviceAccountName: "nats",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        name: "nats",
        image: brokerImage,
        command: ["nats-server", "-c", "/etc/nats/nats.conf"],
        env: [{ name: "GOMEMLIMIT", value: `${Math.floor(MEMORY_MIB * 0.8)}MiB` }],
        envFrom: [{ secretRef: { name: "nats" } }],
        ports: [
          { name: "client", containerPort: inside.busPort },
          { name: "monitor", containerPort: inside.busMonitorPort },
        ],
        securityContext: containerSecurity,
        resources: toResources(MEMORY_MIB),
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "store", mountPath: "/data" },
          { name: "configuration", mountPath: "/etc/nats", readOnly: true },
        ],
        // A plain /healthz as liveness would kill a server that is still recovering its streams.
        startupProbe: toProbe("/healthz", 90),
        readinessProbe: toProbe("/healthz?js-server-only=true", 3),
        livenessProbe: toProbe("/healthz?js-enabled-only=true", 3),
        lifecycle: { preStop: { exec: { command: ["nats-server", "-sl=ldm=/tmp/nats.pid"] } } },
      },
    ],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
      { name: "configuration", configMap: { name: "nats" } },
    ],
  };
}

function toProbe(path: string, failureThreshold: number): object {
  return { httpGet: { path, port: "monitor" }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold };
}
