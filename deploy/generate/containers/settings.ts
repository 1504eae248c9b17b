import { type CatalogEntry, catalog, provisionerUser } from "../../catalog.ts";

/** Where things are inside every container, and on which ports. */
export const inside = {
  home: "/matrix/home",
  state: "/matrix/state",
  tls: "/matrix/tls",
  healthPort: 9_400,
  busPort: 4_222,
  busMonitorPort: 8_222,
  rootFolder: "/matrix/os",
  /** The image's own user; compose takes the owner's instead, so that the home stays theirs. */
  uid: 10_001,
} as const;

/** The broker's image; the same release line that our tests run against. */
export const brokerImage = "nats:2.15.1-alpine";

/** The one image of all services. */
export const serviceImage = "matrix-os:0.1.0";

/** The bus users of separate processes: one for each service, and the provisioner. */
export const busUsers: readonly string[] = [...catalog.map(({ name }) => name), provisionerUser];

/** The variable that holds a bus user's password, for the broker and for whoever writes the secrets. */
export function toPasswordVariable(user: string): string {
  return `BUS_PASSWORD_${user.toUpperCase().replaceAll("-", "_")}`;
}

/** The settings that follow from where a service runs, not from the owner's wishes. No secrets. */
export function toFixedSettings(entry: CatalogEntry): Record<string, string> {
  const possible: Record<string, string> = {
    MATRIX_HOME: inside.home,
    MATRIX_STATE: inside.state,
    MATRIX_HOST: "0.0.0.0",
    MATRIX_TLS_CERT: `${inside.tls}/tls.crt`,
    MATRIX_TLS_KEY: `${inside.tls}/tls.key`,
    MATRIX_REHEARSAL_HOST: "0.0.0.0",
    MATRIX_PROVISION_USER: provisionerUser,
    MATRIX_REHEARSAL_URL: "http://rehearsal:4401",
    ...Object.fromEntries(entry.ports.map(({ env, port }) => [env, String(port)])),
  };
  return {
    MATRIX_BUS_URL: `nats://nats:${inside.busPort}`,
    MATRIX_BUS_USER: entry.name,
    MATRIX_HEALTH_PORT: String(inside.healthPort),
    ...Object.fromEntries(entry.env.flatMap((name) => (possible[name] === undefined ? [] : [[name, possible[name]]]))),
  };
}

// A log folder is for the local start: in a container the log goes to the standard output.
// The shell's files stand in the image, where the gateway looks for them by itself.
// A container has no desktop session, so no keyring.
const notForContainers = ["MATRIX_LOGS", "MATRIX_SHELL", "MATRIX_APP_CLIENT", "DBUS_SESSION_BUS_ADDRESS"];

/** The settings of a service that are the owner's to choose; not set: the service's own default. */
export function toOwnerSettings(entry: CatalogEntry): string[] {
  const fixed = toFixedSettings(entry);
  return ["MATRIX_LOG_LEVEL", ...entry.env].filter((name) => !(name in fixed) && !notForContainers.includes(name));
}

/** Where each secret of a service comes from: its own variable, or a bus user's password. */
export function toSecretSources(entry: CatalogEntry): Record<string, string> {
  const secrets = entry.secrets.map((name): [string, string] => [
    name,
    name === "MATRIX_PROVISION_PASSWORD" ? toPasswordVariable(provisionerUser) : name,
  ]);
  return { MATRIX_BUS_PASSWORD: toPasswordVariable(entry.name), ...Object.fromEntries(secrets) };
}
