import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootFolder } from "../root-folder.ts";
import { readBusPermissions, toAuthorization } from "./bus-users.ts";
import type { ChildCommand } from "./child.ts";

/** Where the broker runs and with what. */
export interface BrokerPlan {
  readonly state: string;
  readonly port: number;
  readonly secret: string;
}

const MAX_STORE_BYTES = 1_073_741_824;

/** Writes the broker's configuration (0600) and answers how to start it. Its store is disposable: the files are the truth. */
export function toBrokerCommand(plan: BrokerPlan): ChildCommand {
  forgetDoorbells(plan.state);
  const path = join(plan.state, "broker.conf");
  writeFileSync(path, toConfiguration(plan), { mode: 0o600 });
  return {
    name: "broker",
    file: join(rootFolder, ".tools", "bin", "nats-server"),
    args: ["-c", path],
    env: {},
    tellsReady: false,
    // A stream that met a full disk refuses everything until the next start, also when there is space again.
    spoiltWhenSaying: /critical write error|JetStream .*DISABLED/i,
  };
}

/**
 * Doorbells of killed workers would hold their sessions until the leases end. No worker of the last run is alive here, and the
 * reconciler rings every open turn again.
 */
function forgetDoorbells(state: string): void {
  rmSync(join(state, "broker", "jetstream", "$G", "streams", "TURNS"), { recursive: true, force: true });
}

function toConfiguration(plan: BrokerPlan): string {
  return [
    "host: 127.0.0.1",
    `port: ${plan.port}`,
    "server_name: matrix-os",
    "max_payload: 1MB",
    'ping_interval: "5s"',
    "ping_max: 2",
    'write_deadline: "5s"',
    `jetstream { store_dir: ${JSON.stringify(join(plan.state, "broker"))}, max_memory_store: 16MB, max_file_store: ${MAX_STORE_BYTES} }`,
    toAuthorization(readBusPermissions(), plan.secret),
  ].join("\n");
}
