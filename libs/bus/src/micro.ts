import { randomBytes } from "node:crypto";
import type { OsError } from "@matrix-os/contracts/errors";
import type { Subscription } from "@nats-io/nats-core";
import { z } from "zod";
import type { Connection } from "./connection.ts";
import { decodeBody } from "./envelope.ts";
import { toTransportError } from "./request.ts";

/** Counts of one endpoint as the NATS services protocol reports them; times in nanoseconds there. */
export interface EndpointStats {
  readonly name: string;
  readonly subject: string;
  count(durationMs: number, failure: OsError | undefined): void;
  toReport(): Record<string, unknown>;
}

/** Fresh counts for an endpoint. */
export function createEndpointStats(name: string, subject: string, queueGroup: string): EndpointStats {
  let requests = 0;
  let errors = 0;
  let totalMs = 0;
  let lastError = "";
  return {
    name,
    subject,
    count: (durationMs, failure) => {
      requests += 1;
      totalMs += durationMs;
      if (failure === undefined) return;
      errors += 1;
      lastError = failure.code;
    },
    toReport: () => ({
      name,
      subject,
      queue_group: queueGroup,
      num_requests: requests,
      num_errors: errors,
      last_error: lastError,
      processing_time: Math.round(totalMs * 1e6),
      average_processing_time: requests === 0 ? 0 : Math.round((totalMs / requests) * 1e6),
    }),
  };
}

/** What a service tells about itself. */
export interface MicroService {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly endpoints: readonly EndpointStats[];
}

const RESPONSE = "io.nats.micro.v1";

/** Answers `$SRV.PING|INFO|STATS`, so that the ordinary NATS tools list our services (ADR-32 of the NATS project). */
export function subscribeMicro(connection: Connection, service: MicroService): Subscription[] {
  const identity = { name: service.name, id: randomBytes(8).toString("hex"), version: service.version, metadata: {} };
  const started = new Date().toISOString();
  const replies: Record<string, () => unknown> = {
    PING: () => ({ ...identity, type: `${RESPONSE}.ping_response` }),
    INFO: () => ({
      ...identity,
      type: `${RESPONSE}.info_response`,
      description: service.description,
      endpoints: service.endpoints.map(({ name, subject }) => ({
        name,
        subject,
        queue_group: service.name,
        metadata: {},
      })),
    }),
    STATS: () => ({
      ...identity,
      type: `${RESPONSE}.stats_response`,
      started,
      endpoints: service.endpoints.map((endpoint) => endpoint.toReport()),
    }),
  };
  return Object.entries(replies).flatMap(([verb, reply]) =>
    [`$SRV.${verb}`, `$SRV.${verb}.${service.name}`, `$SRV.${verb}.${service.name}.${identity.id}`].map((subject) =>
      connection.nats.subscribe(subject, {
        // A callback that throws would end the connection's reader; after a refusal there is no message.
        callback: (error, message) => {
          if (error === null || error === undefined) message.respond(JSON.stringify(reply()));
        },
      }),
    ),
  );
}

const pingReply = z.object({ name: z.string() });

/** The names of the services that answer within `waitMs`; none when nobody is there. Errors: `bus-down`. */
export async function pingServices(connection: Connection, waitMs: number): Promise<Set<string>> {
  const found = new Set<string>();
  try {
    const replies = await connection.nats.requestMany("$SRV.PING", "", { strategy: "timer", maxWait: waitMs });
    for await (const reply of replies) {
      const body = pingReply.safeParse(decodeBody(reply));
      if (body.success) found.add(body.data.name);
    }
  } catch (cause) {
    const error = toTransportError("a ping", cause);
    if (error.code !== "no-responder") throw error;
  }
  return found;
}
