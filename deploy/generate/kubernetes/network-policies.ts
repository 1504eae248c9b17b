import { type CatalogEntry, catalog } from "../../catalog.ts";
import { inside } from "../containers/settings.ts";
import { toLabels } from "./pod.ts";

/** Ranges that are never «outside»: this cluster, its neighbours, cloud metadata. */
const notOutside = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"];
const HTTPS = 443;

/** Nothing may talk to anything, but names may be looked up; the broker hears the services. */
export function toCommonPolicies(): object[] {
  const kubeDns = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
  };
  return [
    toPolicy("default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    toPolicy("names", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [kubeDns], ports: [toPort(53, "UDP"), toPort(53)] }],
    }),
    toPolicy("nats", {
      podSelector: { matchLabels: toLabels("nats") },
      policyTypes: ["Ingress"],
      ingress: [{ from: catalog.map(({ name }) => toPeer(name)), ports: [toPort(inside.busPort)] }],
    }),
  ];
}

/** What one service may reach, and who may reach it, as the catalog says. */
export function toServicePolicy(entry: CatalogEntry): object {
  return toPolicy(
    entry.name,
    {
      podSelector: { matchLabels: toLabels(entry.name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: toIngress(entry),
      egress: [
        { to: [toPeer("nats")], ports: [toPort(inside.busPort)] },
        ...(entry.talksTo ?? []).map((name) => ({ to: [toPeer(name)], ports: toPorts(name) })),
        ...(entry.egress.length > 0 ? [{ to: [outside], ports: [toPort(HTTPS)] }] : []),
      ],
    },
    // A policy knows addresses, not names: the hosts are for people, and for a proxy or a CNI that knows names.
    entry.egress.length > 0 ? { "matrix-os/egress-hosts": entry.egress.join(",") } : {},
  );
}

const outside = { ipBlock: { cidr: "0.0.0.0/0", except: notOutside } };

function toIngress(entry: CatalogEntry): object[] {
  const published = entry.ports.filter(({ isPublished }) => isPublished).map(({ name }) => ({ port: name }));
  const talkers = catalog.filter(({ talksTo }) => talksTo?.includes(entry.name)).map(({ name }) => toPeer(name));
  return [
    ...(published.length > 0 ? [{ ports: published }] : []),
    ...(talkers.length > 0 ? [{ from: talkers, ports: toPorts(entry.name) }] : []),
  ];
}

function toPorts(service: string): object[] {
  const { ports } = catalog.find(({ name }) => name === service) ?? { ports: [] };
  return ports.map(({ port }) => toPort(port));
}

function toPort(port: number, protocol = "TCP"): object {
  return { protocol, port };
}

function toPeer(name: string): object {
  return { podSelector: { matchLabels: toLabels(name) } };
}

/** A policy by name. */
export function toPolicy(name: string, spec: object, annotations: Record<string, string> = {}): object {
  const hasNotes = Object.keys(annotations).length > 0;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, ...(hasNotes ? { annotations } : {}) },
    spec,
  };
}
