import { join } from "node:path";
import { type CatalogEntry, catalog, provisionerUser } from "../../catalog.ts";
import type { LocalConfig } from "../config.ts";
import { rootFolder } from "../root-folder.ts";
import { toBusPassword } from "./bus-users.ts";
import type { ChildCommand } from "./child.ts";

/** The ports and the secret that the processes share. */
export interface Wiring {
  readonly config: LocalConfig;
  readonly busPort: number;
  readonly gatewayPort: number;
  readonly rehearsalPort: number;
  readonly busSecret: string;
}

/** A small young generation and one helper thread: five processes share one machine, and memory that waits is memory lost. */
const nodeOptions = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "--v8-pool-size=1"];

/** Passed to every process: what programs need to run at all, nothing that is anybody's secret. */
const basics = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "UV_THREADPOOL_SIZE",
  "XDG_CACHE_HOME",
  "XDG_STATE_HOME",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "MATRIX_LOG_LEVEL",
  "NODE_V8_COVERAGE",
];

/** The processes of the services: `file`, `tools` and `core`, or with SPLIT=1 one for each service. */
export function toServiceCommands(wiring: Wiring): ChildCommand[] {
  const wanted = catalog.filter((entry) => entry.name !== "rehearsal" || wiring.config.needsRehearsal);
  if (wiring.config.isSplit) return wanted.flatMap((entry) => toSplit(entry, wiring));
  const alone = (["file", "tools"] as const).map((name) =>
    toCommand(name, `services/${name}/src/main.ts`, {
      entries: wanted.filter((entry) => entry.localProcess === name),
      wiring,
    }),
  );
  const core = wanted.filter((entry) => entry.localProcess === "core");
  return [
    ...alone,
    toCommand("core", "deploy/local/core.ts", {
      entries: core,
      wiring,
      args: wiring.config.needsRehearsal ? ["--rehearsal"] : [],
    }),
  ];
}

function toSplit(entry: CatalogEntry, wiring: Wiring): ChildCommand[] {
  const copies = entry.name === "kernel" ? wiring.config.kernels : 1;
  return Array.from({ length: copies }, (_, index) => {
    const command = toCommand(entry.name, `services/${entry.folder}/src/main.ts`, { entries: [entry], wiring });
    return copies === 1 ? command : { ...command, name: `${entry.name}-${index + 1}` };
  });
}

function toCommand(
  user: string,
  entry: string,
  from: { entries: readonly CatalogEntry[]; wiring: Wiring; args?: readonly string[] },
): ChildCommand {
  return {
    name: user,
    file: process.execPath,
    args: [...nodeOptions, join(rootFolder, entry), ...(from.args ?? [])],
    env: toEnv(user, from.entries, from.wiring),
    tellsReady: true,
  };
}

function toEnv(user: string, entries: readonly CatalogEntry[], wiring: Wiring): NodeJS.ProcessEnv {
  const { config } = wiring;
  const all: NodeJS.ProcessEnv = {
    ...config.env,
    MATRIX_HOME: config.home,
    MATRIX_STATE: config.state,
    MATRIX_LOGS: join(config.state, "logs"),
    MATRIX_HOST: config.host,
    MATRIX_PORT: String(wiring.gatewayPort),
    MATRIX_REHEARSAL_PORT: String(wiring.rehearsalPort),
    MATRIX_REHEARSAL_URL: `http://127.0.0.1:${wiring.rehearsalPort}`,
    MATRIX_PROVISION_USER: provisionerUser,
    MATRIX_PROVISION_PASSWORD: toBusPassword(wiring.busSecret, provisionerUser),
  };
  const names = [...basics, ...entries.flatMap((entry) => [...entry.env, ...entry.secrets])];
  return {
    ...Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))),
    MATRIX_BUS_URL: `nats://127.0.0.1:${wiring.busPort}`,
    MATRIX_BUS_USER: user,
    MATRIX_BUS_PASSWORD: toBusPassword(wiring.busSecret, user),
    NODE_COMPILE_CACHE: join(rootFolder, ".tools", "compile-cache"),
  };
}
