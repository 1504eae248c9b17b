import type { Handled } from "@matrix-os/bus/handled";
import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** The numbers of one process, in the Prometheus text format. */
export interface Metrics {
  readonly registry: Registry;
  count(service: string, handled: Handled): void;
}

/** Sampling the event loop more often would itself be what keeps an idle process busy. */
const EVENT_LOOP_SAMPLE_MS = 200;

/** Adds the numbers of the process itself: memory, CPU, event loop. Only where somebody can read them. */
export function addProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
}

/** Fresh metrics; labels are bounded: service, contract, outcome, code. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const duration = new Histogram({
    name: "matrix_message_duration_seconds",
    help: "Time to handle one message",
    labelNames: ["service", "contract", "outcome"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  const failures = new Counter({
    name: "matrix_message_failures_total",
    help: "Messages that were refused, retried or given up",
    labelNames: ["service", "contract", "code"],
    registers: [registry],
  });
  return {
    registry,
    count: (service, handled) => {
      duration.observe({ service, contract: handled.contract, outcome: handled.outcome }, handled.durationMs / 1_000);
      if (handled.error !== undefined) failures.inc({ service, contract: handled.contract, code: handled.error.code });
    },
  };
}
