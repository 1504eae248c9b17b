/** How a service may be multiplied. `one`: exactly one; `some`: any number; `lag`: grows with its queue. */
export type Scaling = "one" | "some" | "lag";

/** A TCP port that a service listens on, and the setting that moves it. */
export interface CatalogPort {
  readonly name: string;
  readonly env: string;
  readonly port: number;
  /** Reached by the owner's devices; others only by the services that list this one in `talksTo`. */
  readonly isPublished?: boolean;
}

/** Everything that deployment needs to know of one service. Compose, Kubernetes, bus users and the local start are made from it. */
export interface CatalogEntry {
  readonly name: string;
  readonly summary: string;
  /** The folder under `services/`, with `src/main.ts` as its entry. */
  readonly folder: string;
  /** The process that runs it in the merged local start. */
  readonly localProcess: "file" | "tools" | "core";
  readonly scaling: Scaling;
  /** Environment variables that it may see, beside the common ones. Secrets reach only the service that lists them. */
  readonly env: readonly string[];
  readonly secrets: readonly string[];
  readonly ports: readonly CatalogPort[];
  readonly volumes: readonly ("home" | "state")[];
  /** Hosts outside that it talks to; empty: none. */
  readonly egress: readonly string[];
  /** Services that it reaches by their own ports, past the bus. */
  readonly talksTo?: readonly string[];
  readonly memoryMiB: number;
  readonly isOptional?: boolean;
}

/** Environment variables that every process gets. */
export const commonEnv = [
  "MATRIX_BUS_URL",
  "MATRIX_BUS_USER",
  "MATRIX_BUS_PASSWORD",
  "MATRIX_LOG_LEVEL",
  "MATRIX_HEALTH_PORT",
  "MATRIX_HEALTH_HOST",
] as const;

/** The services, in the order they start. */
export const catalog: readonly CatalogEntry[] = [
  {
    name: "file",
    summary: "The home: the only writer of the files",
    folder: "file",
    localProcess: "file",
    scaling: "one",
    env: ["MATRIX_HOME", "MATRIX_STATE", "MATRIX_DEVICE", "MATRIX_MAX_UPLOAD_BYTES", "MATRIX_QUIET_MS"],
    secrets: [],
    ports: [],
    volumes: ["home", "state"],
    egress: [],
    memoryMiB: 512,
  },
  {
    name: "tools",
    summary: "Runs commands in a sandbox, reads the web",
    folder: "tools",
    localProcess: "tools",
    scaling: "one",
    env: ["MATRIX_STATE", "MATRIX_UNSAFE_SHELL", "MATRIX_WEB_ALLOW", "MATRIX_SEARCH_PROVIDER", "MATRIX_SEARCH_URL"],
    secrets: [],
    ports: [],
    volumes: ["state"],
    egress: ["*"],
    memoryMiB: 3_072,
  },
  {
    name: "dispatcher",
    summary: "Accepts messages, keeps their order, rings the doorbells",
    folder: "dispatcher",
    localProcess: "core",
    scaling: "some",
    env: ["MATRIX_RECONCILE_MS", "MATRIX_PROVISION_USER"],
    secrets: ["MATRIX_PROVISION_PASSWORD"],
    ports: [],
    volumes: [],
    egress: [],
    memoryMiB: 256,
  },
  {
    name: "vault",
    summary: "Secrets: kept encrypted, given to who may read them",
    folder: "vault",
    localProcess: "core",
    scaling: "one",
    env: ["MATRIX_STATE", "MATRIX_VAULT_KEY_IN", "DBUS_SESSION_BUS_ADDRESS"],
    secrets: [],
    ports: [],
    volumes: ["state"],
    egress: [],
    memoryMiB: 192,
  },
  {
    name: "kernel",
    summary: "Thinks: runs turns with the model and the system calls",
    folder: "kernel",
    localProcess: "core",
    scaling: "lag",
    env: [
      "ANTHROPIC_BASE_URL",
      "MATRIX_MODEL",
      "MATRIX_FALLBACK_MODEL",
      "MATRIX_REHEARSAL_URL",
      "MATRIX_KERNEL_SLOTS",
      "MATRIX_MODEL_ATTEMPTS",
      "MATRIX_MODEL_SILENCE_MS",
      "MATRIX_PROMPT_LIMIT",
    ],
    secrets: ["ANTHROPIC_API_KEY"],
    ports: [],
    volumes: [],
    egress: ["api.anthropic.com"],
    talksTo: ["rehearsal"],
    memoryMiB: 512,
  },
  {
    name: "gateway",
    summary: "HTTP, WebSocket and SSE; serves the shell",
    folder: "gateway",
    localProcess: "core",
    scaling: "some",
    env: [
      "MATRIX_HOST",
      "MATRIX_PORT",
      "MATRIX_STATE",
      "MATRIX_LOGS",
      "MATRIX_HOME",
      "MATRIX_ALLOWED_HOSTS",
      "MATRIX_APPS_HOST",
      "MATRIX_SHELL",
      "MATRIX_APP_CLIENT",
      "MATRIX_TLS_CERT",
      "MATRIX_TLS_KEY",
      "MATRIX_FAILED_LOGINS",
      "MATRIX_STRANGER_REQUESTS",
      "MATRIX_SLOW_CLIENT_MS",
      "MATRIX_MAX_SOCKETS",
    ],
    secrets: [],
    ports: [{ name: "http", env: "MATRIX_PORT", port: 4400, isPublished: true }],
    volumes: ["state"],
    egress: [],
    memoryMiB: 512,
  },
  {
    name: "rehearsal",
    summary: "A deterministic stand-in for a model, for a first run without a key",
    folder: "rehearsal",
    localProcess: "core",
    scaling: "one",
    env: ["MATRIX_REHEARSAL_HOST", "MATRIX_REHEARSAL_PORT", "MATRIX_REHEARSAL_DELAY_MS"],
    secrets: [],
    ports: [{ name: "messages", env: "MATRIX_REHEARSAL_PORT", port: 4401 }],
    volumes: [],
    egress: [],
    memoryMiB: 256,
    isOptional: true,
  },
];

/** A bus user of its own, beside one for each service: it alone may make streams and consumers. */
export const provisionerUser = "provisioner";
