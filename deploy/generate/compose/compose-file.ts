import { type CatalogEntry, catalog } from "../../catalog.ts";
import {
  brokerImage,
  busUsers,
  inside,
  serviceImage,
  toFixedSettings,
  toOwnerSettings,
  toPasswordVariable,
  toSecretSources,
} from "../containers/settings.ts";

const MISSING = "run ./make-secrets.sh first";
const probe = { interval: "5s", timeout: "3s", retries: 6, start_period: "30s" };
const readyProbe = `fetch('http://127.0.0.1:${inside.healthPort}/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;

/** The whole system on one machine: a container for each service, all of one image, and the broker. */
export function toComposeFile(): object {
  return {
    name: "matrix-os",
    services: {
      nats: toBroker(),
      ...Object.fromEntries(catalog.map((entry) => [entry.name, toService(entry)])),
    },
    networks: {
      bus: { internal: true },
      edge: {},
      egress: {},
    },
  };
}

/** What every container gets: no rights, no writable root, bounded in memory, processes and log. */
function toBounds(memoryMiB: number): object {
  return {
    user: `\${MATRIX_UID:?${MISSING}}:\${MATRIX_GID:?${MISSING}}`,
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    init: true,
    mem_limit: `${memoryMiB}m`,
    pids_limit: 256,
    tmpfs: ["/tmp:size=64m,mode=1777"],
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } },
    restart: "unless-stopped",
  };
}

function toBroker(): object {
  return {
    image: brokerImage,
    command: ["nats-server", "-c", "/etc/nats/nats.conf"],
    ...toBounds(256),
    environment: Object.fromEntries(busUsers.map(toPasswordVariable).map((name) => [name, toRequired(name)])),
    volumes: [bind("./nats.conf", "/etc/nats/nats.conf", "ro"), bind("${MATRIX_BROKER_DIR:-./broker}", "/data", "rw")],
    networks: ["bus"],
    healthcheck: {
      test: [
        "CMD",
        "wget",
        "-q",
        "-O",
        "/dev/null",
        `http://127.0.0.1:${inside.busMonitorPort}/healthz?js-enabled-only=true`,
      ],
      ...probe,
    },
  };
}

function toService(entry: CatalogEntry): object {
  const published = entry.ports.filter(({ isPublished }) => isPublished);
  return {
    image: `\${MATRIX_IMAGE:-${serviceImage}}`,
    build: { context: "../..", dockerfile: "deploy/images/Dockerfile" },
    command: ["node", `services/${entry.folder}/src/main.ts`],
    ...(entry.isOptional === true ? { profiles: [entry.name] } : {}),
    ...toBounds(entry.memoryMiB),
    environment: toEnvironment(entry),
    ...withEntries("volumes", toVolumes(entry)),
    ...withEntries(
      "ports",
      published.map(({ env, port }) => `127.0.0.1:\${${env}:-${port}}:\${${env}:-${port}}`),
    ),
    networks: ["bus", ...(published.length > 0 ? ["edge"] : []), ...(entry.egress.length > 0 ? ["egress"] : [])],
    // A model server on this machine, such as Ollama, is reached as host.docker.internal.
    ...(entry.egress.length > 0 ? { extra_hosts: ["host.docker.internal:host-gateway"] } : {}),
    depends_on: { nats: { condition: "service_healthy" } },
    healthcheck: { test: ["CMD", "node", "-e", readyProbe], ...probe },
    stop_grace_period: "10s",
  };
}

/** A container's host name changes when it is made anew; the device's name in the history must not. */
const defaults: Readonly<Record<string, string>> = { MATRIX_DEVICE: "compose" };

/** Fixed values, the owner's wishes from `.env` (empty: the service's default), and this service's own secrets only. */
function toEnvironment(entry: CatalogEntry): Record<string, string> {
  const published = entry.ports.filter(({ isPublished }) => isPublished);
  const secrets = Object.entries(toSecretSources(entry)).map(([name, source]): [string, string] => [
    name,
    source.startsWith("BUS_PASSWORD_") ? toRequired(source) : toOptional(source),
  ]);
  return {
    ...toFixedSettings(entry),
    ...Object.fromEntries(published.map(({ env, port }) => [env, `\${${env}:-${port}}`])),
    ...Object.fromEntries(toOwnerSettings(entry).map((name) => [name, toOptional(name, defaults[name])])),
    ...Object.fromEntries(secrets),
  };
}

function toVolumes(entry: CatalogEntry): string[] {
  const folders = {
    home: bind("${MATRIX_HOME_DIR:-./home}", inside.home, "rw"),
    state: bind(`\${MATRIX_STATE_DIR:-./state}/${entry.name}`, inside.state, "rw"),
  };
  return [
    ...entry.volumes.map((volume) => folders[volume]),
    ...(entry.env.includes("MATRIX_TLS_KEY") ? [bind("./tls", inside.tls, "ro")] : []),
  ];
}

function bind(from: string, to: string, mode: "ro" | "rw"): string {
  return `${from}:${to}:${mode}`;
}

function toRequired(name: string): string {
  return `\${${name}:?${MISSING}}`;
}

function toOptional(name: string, otherwise = ""): string {
  return `\${${name}:-${otherwise}}`;
}

function withEntries(key: string, list: readonly string[]): Record<string, readonly string[]> {
  return list.length === 0 ? {} : { [key]: list };
}
