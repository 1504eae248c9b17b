import { catalog } from "../../catalog.ts";
import type { BusPermissions } from "../bus-permissions.ts";
import { toBrokerConfiguration } from "../containers/broker-configuration.ts";
import { busUsers, toPasswordVariable, toSecretSources } from "../containers/settings.ts";
import { toYaml } from "../to-yaml.ts";
import { podBrokerLines, toBroker } from "./broker.ts";
import {
  baseServices,
  optionalServices,
  toBase,
  toCloudPeer,
  toKedaComponent,
  toOptionalComponent,
  toSingleNode,
} from "./kustomizations.ts";
import { toCommonPolicies, toServicePolicy } from "./network-policies.ts";
import { toScaledObjects } from "./scaling.ts";
import { toWorkload } from "./workload.ts";

/** The manifests, by path below `deploy/k8s`. */
export function toKubernetesFiles(permissions: Record<string, BusPermissions>): Record<string, string> {
  const brokerConfiguration = toBrokerConfiguration(permissions, { monitorHost: "0.0.0.0", more: podBrokerLines });
  return {
    "base/kustomization.yaml": toYaml(toBase()),
    "base/namespace.yaml": toYaml(toNamespace()),
    "base/nats.conf": brokerConfiguration,
    "base/nats.yaml": toYaml(...toBroker()),
    "base/network-policies.yaml": toYaml(...toCommonPolicies(), ...baseServices.map(toServicePolicy)),
    ...fromEach(
      baseServices,
      ({ name }) => `base/${name}.yaml`,
      (entry) => toYaml(...toWorkload(entry)),
    ),
    ...fromEach(
      optionalServices,
      ({ name }) => `components/${name}/${name}.yaml`,
      (entry) => toYaml(...toWorkload(entry), toServicePolicy(entry)),
    ),
    ...fromEach(
      optionalServices,
      ({ name }) => `components/${name}/kustomization.yaml`,
      ({ name }) => toYaml(toOptionalComponent(name)),
    ),
    "components/keda/kustomization.yaml": toYaml(toKedaComponent()),
    "components/keda/scaled-objects.yaml": toYaml(...toScaledObjects()),
    "overlays/single-node/kustomization.yaml": toYaml(toSingleNode()),
    "overlays/cloud-peer/kustomization.yaml": toYaml(toCloudPeer()),
    "secrets.example/nats.env": busUsers
      .map((user) => toTemplateLine(toPasswordVariable(user), toPasswordVariable(user)))
      .join(""),
    ...fromEach(
      catalog,
      ({ name }) => `secrets.example/${name}.env`,
      (entry) =>
        Object.entries(toSecretSources(entry))
          .map(([name, source]) => toTemplateLine(name, source))
          .join(""),
    ),
  };
}

function fromEach<Item>(items: readonly Item[], toPath: (item: Item) => string, toText: (item: Item) => string) {
  return Object.fromEntries(items.map((item) => [toPath(item), toText(item)]));
}

/** `@NAME@` is a password that `make-secrets.sh` makes; what is empty is the owner's to fill in. */
function toTemplateLine(name: string, source: string): string {
  return source.startsWith("BUS_PASSWORD_") ? `${name}=@${source}@\n` : `${name}=\n`;
}

function toNamespace(): object {
  const level = "pod-security.kubernetes.io";
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: "matrix-os",
      labels: { [`${level}/enforce`]: "restricted", [`${level}/warn`]: "restricted", [`${level}/audit`]: "restricted" },
    },
  };
}
