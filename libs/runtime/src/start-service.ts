import type { Bus } from "@matrix-os/bus";
import type { Handled } from "@matrix-os/bus/handled";
import { type EndpointStats, subscribeMicro } from "@matrix-os/bus/micro";
import type { Redactor } from "@matrix-os/redaction/redactor";
import type { Env } from "./env.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Service } from "./service.ts";

/** What the services of one process share. */
export interface Host {
  readonly env: Env;
  readonly bus: Bus;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly metrics: Metrics;
  readonly version: string;
}

/** Builds a service and starts to listen. Disposing drains: no new messages, those under way finish, then its parts close. */
export async function startService<Config, Deps extends AsyncDisposable>(
  service: Service<Config, Deps>,
  host: Host,
): Promise<AsyncDisposable> {
  const log = host.log.child({ service: service.name });
  const stopping = new AbortController();
  const deps = await service.createDeps(service.readConfig(host.env), {
    bus: host.bus,
    log,
    redactor: host.redactor,
    metrics: host.metrics,
    signal: stopping.signal,
  });
  const endpoints: EndpointStats[] = [];
  const observe = (handled: Handled) => {
    host.metrics.count(service.name, handled);
    logHandled(log, handled);
  };
  const opening = { service: service.name, bus: host.bus, deps, observe, signal: stopping.signal, endpoints };
  const open = service.hears.map((hearing) => hearing.open(opening));
  const micro = subscribeMicro(host.bus.connection, {
    name: service.name,
    version: host.version,
    description: service.description,
    endpoints,
  });
  await host.bus.connection.nats.flush();
  log.info("service started");
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      for (const subscription of micro) subscription.unsubscribe();
      await Promise.all(open.map((listening) => listening[Symbol.asyncDispose]()));
      await deps[Symbol.asyncDispose]();
      log.info("service stopped");
    },
  };
}

const quietKinds = [".draft.", ".control."];

function logHandled(log: Log, handled: Handled): void {
  const fields = {
    contract: handled.contract,
    ...(handled.key === undefined || handled.key === "" ? {} : { key: handled.key }),
    correlation: handled.trace.correlation,
    traceparent: handled.trace.traceparent,
    durationMs: Math.round(handled.durationMs * 100) / 100,
    outcome: handled.outcome,
    ...(handled.error === undefined ? {} : { code: handled.error.code }),
  };
  if (handled.error?.kind === "broken")
    log.error({ ...fields, err: handled.error.cause ?? handled.error }, "message handled");
  else if (handled.outcome === "dead") log.warn(fields, "message handled");
  else if (quietKinds.some((kind) => handled.contract.includes(kind))) log.debug(fields, "message handled");
  else log.info(fields, "message handled");
}
